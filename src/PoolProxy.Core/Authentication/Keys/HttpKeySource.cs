using System.Net;
using System.Security.Cryptography;
using PoolProxy.Identity.Keys;

namespace PoolProxy.Core.Authentication.Keys;

/// <summary><c>jwks_url</c>, or discovery from the issuer's address. Nothing but 200 counts, redirects included.</summary>
internal sealed class HttpKeySource(KeySourceSettings settings, TimeProvider time) : IKeySource
{
    private HttpClient? _client;

    public TimeSpan PollInterval => settings.RefreshInterval;

    public TimeSpan ForcedInterval => settings.ForcedRefreshInterval;

    public async Task<KeyFetch> FetchAsync(CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(settings.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            // Built here, on a worker: it reads ca_file.
            _client ??= IssuerHttp.CreateClient(settings);
            return await FetchKeysAsync(_client, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return KeyFetch.Failed($"No complete answer within {settings.Timeout.TotalSeconds:0.###} s.");
        }
        catch (HttpRequestException exception)
        {
            return KeyFetch.Failed($"The request failed: {exception.Message} {exception.InnerException?.Message}".TrimEnd());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return KeyFetch.Failed($"\"ca_file\" or the answer cannot be read: {exception.Message}");
        }
    }

    public void Dispose() => _client?.Dispose();

    private async Task<KeyFetch> FetchKeysAsync(HttpClient client, CancellationToken cancellation)
    {
        Answer location = await LocateKeysAsync(client, cancellation);
        if (location.Address is null)
        {
            return KeyFetch.Failed(location.Fault!);
        }

        Answer keys = await GetAsync(client, location.Address, cancellation);
        return keys.Fault is not null ? KeyFetch.Failed(keys.Fault)
            : KeySet.TryRead(keys.Body, out KeySet? keySet, out string? fault, settings.MaxBytes) ? KeyFetch.Of(keySet)
            : KeyFetch.Failed(fault);
    }

    // Asked at each refresh: an issuer may move its keys, and refreshes are rare.
    private async Task<Answer> LocateKeysAsync(HttpClient client, CancellationToken cancellation)
    {
        string configured = settings.JwksUrl ?? settings.Issuer;
        if (!Uri.TryCreate(configured, UriKind.Absolute, out Uri? address))
        {
            return Answer.Failed("The issuer is no absolute address, so its keys need \"jwks_url\" or \"jwks_file\".");
        }

        if (settings.JwksUrl is not null)
        {
            return new Answer(address, default, null);
        }

        Answer answer = default;
        foreach (Uri place in DiscoveryDocument.Places(address))
        {
            answer = await GetAsync(client, place, cancellation);
            // Only "there is none here" leads to the second place: a document that is there and wrong is a fault.
            if (!answer.IsMissing)
            {
                break;
            }
        }

        return answer.Fault is not null ? answer
            : DiscoveryDocument.TryRead(answer.Body, settings.Issuer, out Uri? jwksAddress, out string? fault) ? new Answer(jwksAddress, default, null)
            : Answer.Failed(fault);
    }

    private async Task<Answer> GetAsync(HttpClient client, Uri address, CancellationToken cancellation)
    {
        // Again for each address: jwks_uri comes from a document.
        if (IssuerHttp.FindFault(address, settings.AllowHttp) is { } addressFault)
        {
            return Answer.Failed(addressFault);
        }

        using HttpResponseMessage response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            bool isRedirect = (int)response.StatusCode is >= 300 and < 400;
            string kind = isRedirect ? ", a redirect, which is not followed" : "";
            return new Answer(null, default, $"{address} answered {(int)response.StatusCode}{kind}.", response.StatusCode == HttpStatusCode.NotFound);
        }

        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellation);
        return await BoundedBody.ReadAsync(stream, settings.MaxBytes, cancellation) is { } body
            ? new Answer(address, body, null)
            : Answer.Failed($"{address} answered with more than {settings.MaxBytes} bytes.");
    }

    private readonly record struct Answer(Uri? Address, ReadOnlyMemory<byte> Body, string? Fault, bool IsMissing = false)
    {
        public static Answer Failed(string fault) => new(null, default, fault);
    }
}
