namespace PoolProxy.Testing.Proxy;

/// <summary>Starts the proxy in this process from a configuration file; the seam between tests and the proxy's entry point.</summary>
public interface IProxyStarter
{
    /// <summary>Returns when the proxy listens. Disposing the result stops it and waits until every connection and thread of it has ended.</summary>
    Task<IAsyncDisposable> StartAsync(string configurationFile, CancellationToken cancellation);
}
