using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Http;
using PoolProxy.Sandbox.Certificates;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.Http;

public sealed class HttpServerTests
{
    private const string Secret = "s3cret-of-the-caller";

    private static readonly ScriptedEndpoint Echo = new("POST", "/echo", question => HttpReply.Text(200, Encoding.UTF8.GetString(question.Body.Span)));

    private static readonly ScriptedEndpoint One = new("GET", "/things/*", question => HttpReply.Text(200, $"{question.Rest} {question.Bearer} {question.IsOfType("text/plain")}"));

    [Fact]
    public async Task An_answer_has_what_the_endpoint_said_and_nothing_about_the_server()
    {
        await using HttpPlace place = await HttpPlace.StartAsync(new HttpSettings(), Echo, One);
        using HttpResponseMessage answer = await place.Client.PostAsync("/echo", new StringContent("hello"));
        Assert.Equal("hello", await answer.Content.ReadAsStringAsync());
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.False(answer.Headers.Contains("Server"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/things/a%20b?token=x");
        request.Headers.TryAddWithoutValidation("Authorization", "bearer abc");
        Assert.Equal("a b abc False", await (await place.Client.SendAsync(request)).Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("GET", "/echo", 405, "POST")]
    [InlineData("GET", "/", 404, "")]
    [InlineData("GET", "/things/", 404, "")]
    [InlineData("GET", "/things/a/b", 404, "")]
    [InlineData("GET", "/things/..%2Fecho", 200, "")]
    [InlineData("POST", "/Echo", 404, "")]
    [InlineData("DELETE", "/things/a", 405, "GET")]
    public async Task Only_a_routes_own_path_and_method_reach_it(string method, string path, int status, string allow)
    {
        await using HttpPlace place = await HttpPlace.StartAsync(new HttpSettings(), Echo, One);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using HttpResponseMessage answer = await place.Client.SendAsync(request);
        Assert.Equal((status, allow), ((int)answer.StatusCode, string.Join(", ", answer.Content.Headers.Allow)));
    }

    [Fact]
    public async Task A_body_may_have_its_bound_and_not_a_byte_more()
    {
        await using HttpPlace place = await HttpPlace.StartAsync(new HttpSettings { MaxBodyBytes = 1024 }, Echo);
        Assert.Equal(HttpStatusCode.OK, (await place.Client.PostAsync("/echo", new ByteArrayContent(new byte[1024]))).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await place.Client.PostAsync("/echo", new ByteArrayContent(new byte[1025]))).StatusCode);
        // Without a length it is found out while reading.
        string chunk = "400\r\n" + new string('x', 1024) + "\r\n";
        Assert.StartsWith("HTTP/1.1 413", await place.SendAsync("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunk + chunk + "0\r\n\r\n"));
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n", 400)]
    [InlineData("POST /echo HTTP/1.1\r\n\r\n", 400)]
    [InlineData("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400)]
    public async Task What_is_no_request_is_refused_and_the_connection_ended(string bytes, int status)
    {
        await using HttpPlace place = await HttpPlace.StartAsync(new HttpSettings(), Echo);
        Assert.StartsWith($"HTTP/1.1 {status}", await place.SendAsync(bytes));
        Assert.Equal(HttpStatusCode.OK, (await place.Client.PostAsync("/echo", new StringContent("x"))).StatusCode);
    }

    [Fact]
    public async Task Lines_and_headers_are_bounded()
    {
        await using HttpPlace place = await HttpPlace.StartAsync(new HttpSettings(), Echo);
        Assert.StartsWith("HTTP/1.1 414", await place.SendAsync($"GET /{new string('x', 5000)} HTTP/1.1\r\n"));
        Assert.StartsWith("HTTP/1.1 431", await place.SendAsync($"GET / HTTP/1.1\r\nHost: x\r\nA: {new string('x', 40_000)}"));
        Assert.StartsWith("HTTP/1.1 431", await place.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n" + string.Concat(Enumerable.Range(0, 70).Select(number => $"H{number}: x\r\n")) + "\r\n"));
    }

    [Fact]
    public async Task Connections_are_bounded_and_one_that_says_nothing_does_not_stay()
    {
        await using HttpPlace place = await HttpPlace.StartAsync(new HttpSettings { MaxConnections = 1 }, Echo);
        Task<string> silent = place.SendAsync("POST /echo HTTP/1.1\r\nHost:");
        await WaitFor.TrueAsync(async () => await TryReadAsync(place) == "");
        Assert.StartsWith("HTTP/1.1 408", await silent);
        await WaitFor.TrueAsync(async () => (await TryReadAsync(place)).StartsWith("HTTP/1.1 200", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_given_up()
    {
        var ended = new TaskCompletionSource();
        await using HttpPlace place = await HttpPlace.StartAsync(new HttpSettings { RequestTimeout = TimeSpan.FromSeconds(1) }, new ScriptedEndpoint("GET", "/slow", async (_, cancellation) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, cancellation);
                return HttpReply.Text(200, "never");
            }
            finally
            {
                ended.SetResult();
            }
        }));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await place.Client.GetAsync("/slow")).StatusCode);
        await ended.Task.WaitAsync(Deadlines.Step);
    }

    [Fact]
    public async Task A_fault_of_ours_is_logged_and_not_told_and_secrets_are_in_neither()
    {
        await using HttpPlace place = await HttpPlace.StartAsync(new HttpSettings(), new ScriptedEndpoint("POST", "/fault", _ => throw new InvalidOperationException("the reason")));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/fault?q={Secret}") { Content = new StringContent(Secret) };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Secret}");
        using HttpResponseMessage answer = await place.Client.SendAsync(request);
        Assert.Equal((500, "a fault in the proxy\n"), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        string log = string.Join('\n', place.Log.Entries.Select(entry => $"{entry.Text} {entry.Exception}"));
        Assert.Contains("POST /fault failed", log);
        Assert.DoesNotContain(Secret, log);
    }

    [Fact]
    public async Task Requests_under_way_are_answered_before_it_closes()
    {
        var arrived = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        HttpPlace place = await HttpPlace.StartAsync(new HttpSettings(), new ScriptedEndpoint("GET", "/held", async (_, _) =>
        {
            arrived.SetResult();
            await go.Task;
            return HttpReply.Text(200, "answered");
        }));
        Task<string> held = place.Client.GetStringAsync("/held");
        await arrived.Task.WaitAsync(Deadlines.Step);
        ValueTask closing = place.Listener.DisposeAsync();
        await WaitFor.TrueAsync(async () =>
        {
            try
            {
                using var late = new TcpClient();
                await late.ConnectAsync(IPAddress.Loopback, place.Settings.ListenPort);
                return false;
            }
            catch (SocketException)
            {
                return true;
            }
        });
        go.SetResult();
        Assert.Equal("answered", await held);
        await closing;
        place.Client.Dispose();
    }

    [Fact]
    public async Task A_taken_port_says_so()
    {
        await using HttpPlace place = await HttpPlace.StartAsync(new HttpSettings(), Echo);
        HttpListenFailedException failure = await Assert.ThrowsAsync<HttpListenFailedException>(() => HttpServer.StartAsync(place.Settings, new HttpRoutes([]), place.Log));
        Assert.Contains($"127.0.0.1:{place.Settings.ListenPort}", failure.Message);
    }

    [Fact]
    public async Task A_renewed_certificate_serves_the_next_handshake_and_a_broken_one_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        using SandboxCertificates certificates = SandboxCertificates.Create(folder.Path);
        string cert = Path.Combine(folder.Path, "http.crt"), key = Path.Combine(folder.Path, "http.key");
        void Use(CertificateFiles files)
        {
            File.Copy(files.CertificateFile, cert, overwrite: true);
            File.Copy(files.KeyFile, key, overwrite: true);
        }

        Use(certificates.ServerEc);
        await using HttpPlace place = await HttpPlace.StartAsync(new HttpSettings { TlsCertFile = cert, TlsKeyFile = key }, Echo);
        using var first = certificates.ServerEc.Load();
        using var second = certificates.ServerRsa.Load();
        Assert.Equal(first.Thumbprint, await ThumbprintAsync(place, certificates));
        Use(certificates.ServerRsa);
        place.Listener.ReloadCertificate();
        Assert.Equal(second.Thumbprint, await ThumbprintAsync(place, certificates));
        await File.WriteAllTextAsync(key, "no key");
        place.Listener.ReloadCertificate();
        Assert.Equal(second.Thumbprint, await ThumbprintAsync(place, certificates));
        Assert.Contains(place.Log.Entries, entry => entry.Text.Contains("the one before stays", StringComparison.Ordinal));
    }

    private static async Task<string> ThumbprintAsync(HttpPlace place, SandboxCertificates certificates)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, place.Settings.ListenPort);
        await using var tls = new SslStream(socket.GetStream());
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(certificates.LoadAuthority());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = trust });
        return tls.RemoteCertificate!.GetCertHashString();
    }

    private static async Task<string> TryReadAsync(HttpPlace place)
    {
        try
        {
            return await place.SendAsync("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
