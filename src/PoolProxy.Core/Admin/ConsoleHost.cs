using PoolProxy.Configuration.Model;
using PoolProxy.Core.Admin.Statistics;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core.Admin;

/// <summary>The console: the database <c>poolproxy</c>, by its other name <c>pgbouncer</c>, for the clients of one loop. Owned by it.</summary>
internal sealed class ConsoleHost : IConsoleHost
{
    private readonly ConsoleView _view;

    /// <param name="services">The loop's.</param>
    /// <param name="control">The process.</param>
    /// <param name="stats">Averages over stats_period, of all loops.</param>
    public ConsoleHost(FrontendServices services, IConsoleControl control, StatsSampler stats) => _view = new ConsoleView(services, control, stats);

    /// <inheritdoc/>
    public IConnectionHandler Open(ClientSession session, ConsoleAccess access, ReadOnlyMemory<byte> unread)
    {
        var console = new ConsoleSession(_view, session, access);
        console.Start(unread.Span);
        return console;
    }
}
