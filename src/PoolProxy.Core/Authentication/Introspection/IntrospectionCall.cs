using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PoolProxy.Core.Authentication.Keys;

namespace PoolProxy.Core.Authentication.Introspection;

/// <summary>One question to an issuer's introspection endpoint (RFC 7662 §2.1). Runs on workers. Nothing but 200 counts, redirects included.</summary>
internal sealed class IntrospectionCall(IntrospectionSettings settings, TimeProvider time) : IDisposable
{
    // Made at the first question, on a worker: it reads ca_file.
    private readonly Lazy<HttpClient> _client = new(() => IssuerHttp.CreateClient(settings.Http, settings.Concurrency));

    /// <summary>Asks. What can go wrong outside is an answer with a fault; cancellation alone is thrown.</summary>
    public async Task<IntrospectionAnswer> AskAsync(ReadOnlyMemory<byte> token, CancellationToken cancellation)
    {
        if (IssuerHttp.FindFault(settings.Address, settings.Http.AllowHttp) is { } fault)
        {
            return IntrospectionAnswer.Failed(fault);
        }

        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, settings.Address);
            List<KeyValuePair<string, string>> form = [new("token", Encoding.ASCII.GetString(token.Span)), new("token_type_hint", "access_token")];
            settings.Proof?.Apply(request, form, time.GetUtcNow());
            settings.Question.Headers.Apply(request);
            request.Content = settings.Question.IsJson ? JsonOf(form) : new FormUrlEncodedContent(form);
            request.Headers.Accept.ParseAdd("application/json");
            using HttpResponseMessage response = await _client.Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return await ReadAsync(response, cancellation);
        }
        catch (HttpRequestException exception)
        {
            return IntrospectionAnswer.Failed($"The request failed: {exception.Message} {exception.InnerException?.Message}".TrimEnd());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return IntrospectionAnswer.Failed($"\"ca_file\" or the answer cannot be read: {exception.Message}");
        }
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    // Whole, and so with its length: JsonContent would send it in chunks, which small servers do not read.
    private static ByteArrayContent JsonOf(List<KeyValuePair<string, string>> form) =>
        new(JsonSerializer.SerializeToUtf8Bytes(form.ToDictionary(pair => pair.Key, pair => pair.Value))) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private async Task<IntrospectionAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            string hint = response.StatusCode == HttpStatusCode.Unauthorized ? ": it does not know the proxy by its id and proof" : "";
            return IntrospectionAnswer.Failed($"{settings.Address.GetLeftPart(UriPartial.Path)} answered {(int)response.StatusCode}{hint}.");
        }

        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellation);
        return await BoundedBody.ReadAsync(stream, settings.Http.MaxBytes, cancellation) is { } body
            ? new IntrospectionAnswer(body)
            : IntrospectionAnswer.Failed($"The answer is longer than {settings.Http.MaxBytes} bytes.");
    }
}
