using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Http;

/// <summary>
/// The <c>[http]</c> listener: Kestrel without anything around it. It reads no file and no environment variable of ASP.NET, says nothing in the log of its own, sends no
/// server header, and bounds connections, headers, bodies and times. It lives on the thread pool; the loops know nothing of it. Whoever does not name this type does not load Kestrel.
/// </summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private const int MaxHeaders = 64;
    private const int MaxHeaderBytes = 32 * 1024;
    private const int MaxRequestLineBytes = 4096;

    private static readonly TimeSpan HeaderTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly WebApplication _web;
    private readonly HttpCertificate? _certificate;
    private readonly ILogger _log;

    private HttpServer(HttpSettings settings, HttpRoutes routes, HttpCertificate? certificate, ILogger log)
    {
        _certificate = certificate;
        _log = log;
        _web = Build(settings, new HttpAnswers(routes, settings, log), certificate);
    }

    /// <summary>Starts; returns once it listens on every address.</summary>
    /// <exception cref="HttpListenFailedException">An address cannot be listened on, or the certificate not be used.</exception>
    public static async Task<HttpServer> StartAsync(HttpSettings settings, HttpRoutes routes, ILogger log)
    {
        HttpServer? listener = null;
        try
        {
            var certificate = settings.TlsCertFile is { } file ? new HttpCertificate(file, settings.TlsKeyFile!) : null;
            listener = new HttpServer(settings, routes, certificate, log);
            await listener._web.StartAsync();
            log.HttpListening(string.Join(", ", settings.ListenAddr.Select(address => $"{address}:{settings.ListenPort}")), settings.IsTls ? "on" : "off");
            return listener;
        }
        catch (Exception failure) when (failure is IOException or SocketException or UnauthorizedAccessException or CryptographicException)
        {
            if (listener is not null)
            {
                await listener._web.DisposeAsync();
            }

            throw new HttpListenFailedException($"[http]: {failure.Message}", failure);
        }
    }

    /// <summary>Reads the certificate's files again; where that fails the one before stays, and the log says so.</summary>
    public void ReloadCertificate()
    {
        try
        {
            _certificate?.Reload();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            _log.HttpCertificateStays(failure.Message);
        }
    }

    /// <summary>Takes no new connections, lets requests under way be answered for a few seconds, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var patience = new CancellationTokenSource(StopPatience))
        {
            await _web.StopAsync(patience.Token);
        }

        await _web.DisposeAsync();
    }

    private static WebApplication Build(HttpSettings settings, HttpAnswers answers, HttpCertificate? certificate)
    {
        // The empty builder reads no configuration and no ASPNETCORE_ variables.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = settings.MaxConnections;
            kestrel.Limits.MaxConcurrentUpgradedConnections = 0;
            kestrel.Limits.MaxRequestBodySize = settings.MaxBodyBytes;
            kestrel.Limits.MaxRequestHeaderCount = MaxHeaders;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
            kestrel.Limits.MaxRequestLineSize = MaxRequestLineBytes;
            kestrel.Limits.RequestHeadersTimeout = HeaderTime;
            kestrel.Limits.KeepAliveTimeout = IdleTime;
            foreach (var endpoint in Endpoints(settings))
            {
                kestrel.Listen(endpoint, listen =>
                {
                    listen.Protocols = HttpProtocols.Http1;
                    if (certificate is not null)
                    {
                        listen.UseHttps(Tls(certificate));
                    }
                });
            }
        });
        var web = builder.Build();
        web.Run(answers.AnswerAsync);
        return web;
    }

    private static TlsHandshakeCallbackOptions Tls(HttpCertificate certificate) => new()
    {
        HandshakeTimeout = HandshakeTime,
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate.Context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        }),
    };

    private static IEnumerable<IPEndPoint> Endpoints(HttpSettings settings) => settings.ListenAddr
        .SelectMany(address => address == "*" ? [IPAddress.IPv6Any] : IPAddress.TryParse(address, out var literal) ? [literal] : Dns.GetHostAddresses(address))
        .Select(address => new IPEndPoint(address, settings.ListenPort));

    /// <summary>Leaves signals to the program: the default lifetime would take Ctrl-C for itself.</summary>
    private sealed class QuietLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
