using PoolProxy.Core.Pooling;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>
/// SHOW HOSTS: the hosts of databases that have a choice of them, or a demand on the only one: what each last said it is and how many seconds ago, and
/// how often in a row it has not answered since, and why.
/// </summary>
internal sealed class ShowHosts : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "hosts";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } =
    [
        Text("host"), Int("port"), Text("state"), Text("nature"), Int("timeline"), Int("last_answer"), Int("failures"), Text("last_failure"),
    ];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view)
    {
        var hosts = view.Pools.All.Where(pool => pool.Config.ChoosesHosts).SelectMany(pool => pool.Hosts.Health).Distinct().OrderBy(host => host.Address.ToString(), StringComparer.Ordinal);
        return hosts.Select(host => Row(host, view.Services.Loop.NowMilliseconds));
    }

    private static object?[] Row(HostHealth host, long now)
    {
        var report = host.Report;
        var nature = report.Nature;
        return
        [
            host.Address.Host, host.Address.Port, report.IsDown ? "down" : report.Failures > 0 ? "failing" : nature is null ? "unknown" : "up",
            nature is null ? null : nature.IsInRecovery ? "standby" : "primary", nature is { Timeline: > 0 } ? (int)nature.Timeline : null,
            report.AnsweredMilliseconds == long.MinValue ? null : (int)((now - report.AnsweredMilliseconds) / 1000), report.Failures, report.LastFailure,
        ];
    }
}
