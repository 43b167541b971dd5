using System.Globalization;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW STATE: PgBouncer's three, and what else tells how the proxy is doing.</summary>
internal sealed class ShowState : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "state";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Text("key"), Text("value")];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view)
    {
        var isPaused = view.Pools.IsPaused;
        return
        [
            ["active", isPaused ? "no" : "yes"],
            ["paused", isPaused ? "yes" : "no"],
            ["suspended", "no"],
            ["shutting_down", view.Services.IsShuttingDown ? "yes" : "no"],
            ["io_engine", view.Services.Loop.EngineName],
            ["threads", Number(view.Proxy.Threads)],
            ["isolation_alarms", Number(view.Services.Routes.Routes.Sum(route => route.Dresser.Alarms))],
            ["full_preludes", Number(view.Services.Routes.Routes.Sum(route => route.Dresser.FullPreludes))],
            ["short_preludes", Number(view.Services.Routes.Routes.Sum(route => route.Dresser.ShortPreludes))],
            ["identities", Number(view.Services.Identities.Count)],
            ["cancel_requests", Number(view.Services.Cancels.RequestCount)],
            ["loop_faults", Number(view.Services.Loop.FaultCount)],
        ];
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
