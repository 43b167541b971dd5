using PoolProxy.Core;

namespace PoolProxy.Hosting;

/// <summary>Tells a service manager that watches (WATCHDOG_USEC) twice in its time that the proxy lives: every loop has turned since the last time. A loop that hangs is silence.</summary>
internal sealed class Watchdog : IDisposable
{
    private readonly CancellationTokenSource _end = new();

    private Watchdog()
    {
    }

    /// <summary>Begins; null where nobody watches.</summary>
    public static Watchdog? Start(ServiceManager manager, ProxyServer server)
    {
        if (manager.Watchdog is not { } interval)
        {
            return null;
        }

        var watchdog = new Watchdog();
        _ = watchdog.RunAsync(manager, server, interval / 2);
        return watchdog;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private async Task RunAsync(ServiceManager manager, ProxyServer server, TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            do
            {
                await server.TurnAsync().WaitAsync(_end.Token);
                manager.Alive();
            }
            while (await timer.WaitForNextTickAsync(_end.Token));
        }
        catch (OperationCanceledException)
        {
            // The proxy is going.
        }
    }
}
