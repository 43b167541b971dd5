using System.Globalization;
using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Frontend;
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
    protected override async Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        var view = request.View;
        var isPaused = view.Pools.IsPaused;
        var loops = await view.Shared.AskEachAsync(Look);
        return ConsoleAnswer.Of(
            "SHOW",
            [
                ["active", isPaused || view.Shared.Suspension.IsOn ? "no" : "yes"],
                ["paused", isPaused ? "yes" : "no"],
                ["suspended", view.Shared.Suspension.IsOn ? "yes" : "no"],
                ["shutting_down", view.Shared.IsShuttingDown ? "yes" : "no"],
                ["io_engine", view.Services.Loop.EngineName],
                ["threads", Number(loops.Length)],
                ["isolation_alarms", Number(loops.Sum(loop => loop.Alarms))],
                ["tampered_logins", Number(loops.Sum(loop => loop.TamperedLogins))],
                ["full_preludes", Number(loops.Sum(loop => loop.FullPreludes))],
                ["short_preludes", Number(loops.Sum(loop => loop.ShortPreludes))],
                ["identities", Number(view.Services.Identities.Count)],
                ["cancel_requests", Number(loops.Sum(loop => loop.CancelRequests))],
                ["abandoned_statements", Number(view.Pools.All.Sum(pool => pool.Parts.Sum(part => part.Abandoned.TotalCount)))],
                ["pipelined_transactions", Number(view.Pools.All.Sum(pool => pool.Parts.Sum(part => part.Stats.PipelinedCount)))],
                ["logins_turned_away", Number(view.Shared.Guard.TurnedAwayCount)],
                ["audit_waiting", Number(view.Shared.Audit.WaitingCount)],
                ["audit_lost", Number(view.Shared.Audit.DroppedCount)],
                ["audit_held_clients", Number(loops.Sum(loop => loop.HeldByAudit))],
                ["loop_faults", Number(loops.Sum(loop => loop.Faults))],
            ]);
    }

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) => throw new InvalidOperationException("the loops are asked first");

    // On each loop.
    private static (long Alarms, long TamperedLogins, long FullPreludes, long ShortPreludes, long CancelRequests, long HeldByAudit, long Faults) Look(FrontendServices services)
    {
        var dressers = services.Routes.Routes.Select(route => route.Dresser).ToArray();
        return (
            dressers.Sum(dresser => dresser.Alarms),
            services.Routes.Pools.Pools.Sum(pool => pool.TamperedLogins),
            dressers.Sum(dresser => dresser.FullPreludes),
            dressers.Sum(dresser => dresser.ShortPreludes),
            services.Cancels.RequestCount,
            services.Relay.Audit?.HeldCount ?? 0,
            services.Loop.FaultCount);
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
