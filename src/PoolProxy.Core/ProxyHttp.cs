using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Http;
using PoolProxy.Core.Reloading;

namespace PoolProxy.Core;

/// <summary>The HTTP side of a proxy: which endpoints there are, and the listener while <c>[http]</c> is on. Kestrel is loaded by starting it, and not before.</summary>
internal sealed class ProxyHttp(SharedServices shared, ILogger log) : IAsyncDisposable
{
    private HttpServer? _listener;

    /// <summary>Listens, where that is wanted.</summary>
    /// <exception cref="ProxyFaultException">An address cannot be listened on, or the certificate not be used.</exception>
    public Task StartAsync(LoadedConfiguration loaded) => loaded.Configuration.Http.IsOn ? ListenAsync(loaded) : Task.CompletedTask;

    /// <summary>After a RELOAD: the certificate's files may hold another one.</summary>
    public void Apply() => _listener?.ReloadCertificate();

    /// <summary>Lets requests under way be answered, then closes.</summary>
    public ValueTask DisposeAsync() => _listener is null ? ValueTask.CompletedTask : StopAsync();

    // On its own: a method is compiled with all that it names.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task ListenAsync(LoadedConfiguration loaded)
    {
        try
        {
            _listener = await HttpServer.StartAsync(loaded.Configuration.Http, new HttpRoutes(Endpoints()), log);
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
    }

    private IReadOnlyList<IHttpEndpoint> Endpoints() =>
    [
        new HealthEndpoint(() => shared.IsShuttingDown),
    ];
}
