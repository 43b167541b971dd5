using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PoolProxy.Core.Authentication.Keys;

/// <summary>How we speak HTTP with issuers: no redirects, no proxy from the environment, no cookies, no downloads while checking certificates.</summary>
internal static class IssuerHttp
{
    private const int MaxHeadersKiB = 16;

    /// <summary>Makes a client for one issuer. Reads <c>ca_file</c>, so call it on a worker.</summary>
    /// <exception cref="IOException">ca_file cannot be read.</exception>
    /// <exception cref="CryptographicException">ca_file holds no certificate.</exception>
    public static HttpClient CreateClient(KeySourceSettings settings, int connections = 2)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = MaxHeadersKiB,
            MaxConnectionsPerServer = connections,
            ConnectTimeout = settings.Timeout,
            // Keys are fetched rarely: a kept connection would only keep a stale DNS answer.
            PooledConnectionLifetime = TimeSpan.FromSeconds(30),
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = CreateChainPolicy(settings.CaFile) },
            ConnectCallback = ConnectAsync,
        };
        // The deadline is one for all requests of a fetch, so it is not the client's.
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Why <paramref name="address"/> must not be asked; null where it may. A sentence.</summary>
    public static string? FindFault(Uri address, bool allowHttp)
    {
        if (address.UserInfo.Length > 0)
        {
            return "An address with a user or password in it is not asked.";
        }

        if (address.Scheme == Uri.UriSchemeHttps)
        {
            return null;
        }

        return address.Scheme == Uri.UriSchemeHttp && allowHttp && IsLoopback(address.IdnHost)
            ? null
            : $"{address.GetLeftPart(UriPartial.Path)} is not https; \"allow_http\" allows http to loopback addresses only.";
    }

    // A name that only claims to be loopback does not get plain HTTP: "localhost" is never resolved but taken as 127.0.0.1 and ::1.
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (context.DnsEndPoint.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            {
                await socket.ConnectAsync([IPAddress.Loopback, IPAddress.IPv6Loopback], context.DnsEndPoint.Port, cancellation);
            }
            else
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    // Offline: a fetch must not hang on a revocation list or a missing intermediate somewhere else.
    private static X509ChainPolicy CreateChainPolicy(string? caFile)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        if (caFile is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.ImportFromPemFile(caFile);
            if (policy.CustomTrustStore.Count == 0)
            {
                throw new CryptographicException($"{caFile} holds no certificate.");
            }
        }

        return policy;
    }
}
