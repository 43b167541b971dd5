using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using PoolProxy.Core.Access;
using PoolProxy.Core.Authentication.Revocation;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Http;
using PoolProxy.Core.Http.Access;
using PoolProxy.Core.Http.SharedSignals;
using PoolProxy.Core.Reloading;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core;

/// <summary>The HTTP side of a proxy: which endpoints there are, and the listener while <c>[http]</c> is on. Kestrel is loaded by starting it, and not before.</summary>
internal sealed class ProxyHttp(SharedServices shared, Func<TokenAuthenticator?> tokens, ProxyMeters meters, ILogger log) : IAsyncDisposable
{
    private HttpServer? _listener;
    private AccessDesk? _access;
    private volatile IReadOnlyList<EventTransmitter> _transmitters = [];

    /// <summary>Listens, where that is wanted.</summary>
    /// <exception cref="ProxyFaultException">An address cannot be listened on, or the certificate not be used.</exception>
    public Task StartAsync(LoadedConfiguration loaded) => loaded.Configuration.Http.IsOn ? ListenAsync(loaded) : Task.CompletedTask;

    /// <summary>After a RELOAD: other policies; the certificate's files may hold another one.</summary>
    public void Apply(LoadedConfiguration loaded)
    {
        if (_listener is null)
        {
            return;
        }

        _transmitters = loaded.Transmitters;
        _access!.Apply(new AccessPlan(loaded.Configuration));
        Offer();
        _listener.ReloadCertificate();
    }

    /// <summary>Lets requests under way be answered, then closes.</summary>
    public ValueTask DisposeAsync() => _listener is null ? ValueTask.CompletedTask : StopAsync();

    // On its own: a method is compiled with all that it names.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task ListenAsync(LoadedConfiguration loaded)
    {
        _transmitters = loaded.Transmitters;
        _access = new AccessDesk(new AccessPlan(loaded.Configuration), shared, TimeProvider.System);
        Offer();
        try
        {
            _listener = await HttpServer.StartAsync(loaded.Configuration.Http, new HttpRoutes([.. Endpoints(), .. loaded.Configuration.Http.Metrics ? [new MetricsEndpoint(meters)] : Array.Empty<IHttpEndpoint>()]), log);
        }
        catch (HttpListenFailedException failure)
        {
            throw new ProxyFaultException([failure.Message], isBadFile: false);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async ValueTask StopAsync()
    {
        await _listener!.DisposeAsync();
        _listener = null;
        _access!.Dispose();
    }

    // Issuers may have come with a reload, and whoever judges tokens with them.
    private void Offer()
    {
        if (tokens() is { } authenticator)
        {
            authenticator.Own = _access!.Credentials;
        }
    }

    private IReadOnlyList<IHttpEndpoint> Endpoints() =>
    [
        new HealthEndpoint(() => shared.IsShuttingDown),
        new TokenExchangeEndpoint(_access!, tokens, TimeProvider.System),
        new GrantListEndpoint(_access!, tokens),
        new GrantApprovalEndpoint(_access!, tokens),
        new GrantRevocationEndpoint(_access!, tokens),
        new EventsEndpoint(() => _transmitters, tokens, shared.Revocations, TimeProvider.System, log),
    ];
}
