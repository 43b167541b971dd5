using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace PoolProxy.Testing.Ldap;

/// <summary>
/// An LDAP directory of a few entries (RFC 4511): simple binds, searches by equality, StartTLS. What it was asked is kept, passwords left out. As real ones do, it takes a bind
/// without a password for nobody's, and lets it pass.
/// </summary>
public sealed class ScriptedDirectory : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;

    private ScriptedDirectory(ScriptedEntry[] entries)
    {
        Entries = entries;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Who is in it.</summary>
    public IReadOnlyList<ScriptedEntry> Entries { get; }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Its certificate; null: it has no TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>TLS from the first byte.</summary>
    public bool IsTls { get; init; }

    /// <summary>From where on it takes what comes and never answers.</summary>
    public ScriptedSilence SilentAt { get; init; }

    /// <summary>Answers to binds wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary><c>bind DN</c>, <c>search BASE SCOPE FILTER</c>, <c>starttls</c>, each with <c>tls</c> behind it where TLS is on.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Starts one.</summary>
    public static ScriptedDirectory Start(params ScriptedEntry[] entries) => new(entries);

    /// <summary>Starts one that falls silent.</summary>
    public static ScriptedDirectory StartSilent(ScriptedSilence silentAt, X509Certificate2 certificate, bool isTls, params ScriptedEntry[] entries) =>
        new(entries) { SilentAt = silentAt, Certificate = certificate, IsTls = isTls };

    /// <summary>Starts one that has a certificate.</summary>
    public static ScriptedDirectory StartTls(X509Certificate2 certificate, bool isTls, params ScriptedEntry[] entries) => new(entries) { Certificate = certificate, IsTls = isTls };

    /// <summary>Stops it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();

        // Stopped behind the last accept: one that began on a listener that is not started would fail.
        await _accepting;
        _listener.Stop();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var served = new List<Task>();
        try
        {
            while (!_end.IsCancellationRequested)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
                served.Add(ServeAsync(client));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It is being stopped.
        }
        await Task.WhenAll(served);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                Stream stream = client.GetStream();
                if (IsTls)
                {
                    stream = await SecureAsync(stream);
                }

                await new ScriptedDirectorySession(this, stream, IsTls).RunAsync(SecureAsync, _end.Token);
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException or AuthenticationException or ObjectDisposedException)
            {
                // A client that goes, or does not like the certificate, ends only itself.
            }
        }
    }

    private async Task<Stream> SecureAsync(Stream stream)
    {
        if (SilentAt == ScriptedSilence.Handshake)
        {
            await stream.CopyToAsync(Stream.Null, _end.Token);
            throw new IOException("The client has gone.");
        }

        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, _end.Token);
        return tls;
    }
}
