using PoolProxy.Configuration.Model;
using PoolProxy.Core.Admin.Statistics;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Naming;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core.Admin;

/// <summary>The console: the database <c>poolproxy</c>, by its other name <c>pgbouncer</c>. Owned by one loop.</summary>
internal sealed class ConsoleHost : IConsoleHost
{
    private readonly ConsoleView _view;

    /// <summary>Starts nothing: <see cref="Start"/> does.</summary>
    public ConsoleHost(FrontendServices services, IConsoleControl control, HostResolver resolver)
    {
        var stats = new StatsSampler(services.Loop, services.Routes, services.Log);
        _view = new ConsoleView(services, control, resolver, stats);
    }

    /// <summary>Begins to sample statistics (and to log them): once, on the loop, when a plan is in force.</summary>
    public void Start() => _view.Stats.Start();

    /// <inheritdoc/>
    public IConnectionHandler Open(ClientSession session, ConsoleAccess access, ReadOnlyMemory<byte> unread)
    {
        var console = new ConsoleSession(_view, session, access);
        console.Start(unread.Span);
        return console;
    }
}
