using System.Runtime.CompilerServices;
using PoolProxy.Core;

namespace PoolProxy.Testing.Proxy;

/// <summary>The real proxy, in the tests' own process.</summary>
internal sealed class InProcessProxy : IProxyStarter
{
    public async Task<IAsyncDisposable> StartAsync(string configurationFile, CancellationToken cancellation) =>
        await ProxyServer.StartAsync(configurationFile, isQuiet: true);

    [ModuleInitializer]
    internal static void Install() => ProxyUnderTest.Starter = new InProcessProxy();
}
