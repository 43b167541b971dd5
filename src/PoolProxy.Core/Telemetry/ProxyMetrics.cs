using System.Diagnostics.Metrics;

namespace PoolProxy.Core.Telemetry;

/// <summary>
/// The meter <c>poolproxy</c>, for whoever listens to meters of .NET (<c>dotnet-counters</c>, an exporter in the process). Every instrument is observable: nothing is recorded on the way of a message, and where nobody listens
/// nothing is computed. Tags are <c>pool</c>, <c>state</c>, <c>direction</c>, <c>outcome</c> and <c>trail</c>; never a subject or an address.
/// </summary>
internal sealed class ProxyMetrics
{
    /// <summary>The meter's name, for listeners and exporters.</summary>
    public const string MeterName = "poolproxy";

    private const double MicrosecondsPerSecond = 1e6;

    private readonly IProxyCounts _counts;

    /// <summary>Makes the instruments; the factory owns the meter and disposes it.</summary>
    public ProxyMetrics(IMeterFactory factory, IProxyCounts counts)
    {
        _counts = counts;
        var meter = factory.Create(MeterName);
        meter.CreateObservableGauge("poolproxy.clients", Clients, "{client}", "Clients by pool and state.");
        meter.CreateObservableGauge("poolproxy.clients.login", () => _counts.ClientsLoggingIn, "{client}", "Clients not yet logged in.");
        meter.CreateObservableGauge("poolproxy.servers", Servers, "{server}", "Server connections by pool and state.");
        meter.CreateObservableGauge(
            "poolproxy.wait.oldest", () => Each(pool => pool.OldestWaitMicroseconds / MicrosecondsPerSecond), "s", "How long the oldest waiting client has waited.");

        meter.CreateObservableCounter("poolproxy.transactions", () => Each(pool => pool.Transactions), "{transaction}", "Transactions.");
        meter.CreateObservableCounter("poolproxy.queries", () => Each(pool => pool.Queries), "{query}", "Queries.");
        meter.CreateObservableCounter("poolproxy.assignments", () => Each(pool => pool.ServerAssignments), "{assignment}", "Times a server was given to a client.");
        meter.CreateObservableCounter("poolproxy.io", Bytes, "By", "Bytes exchanged with clients, by direction.");
        meter.CreateObservableCounter(
            "poolproxy.transaction.time", () => Each(pool => pool.TransactionMicroseconds / MicrosecondsPerSecond), "s", "Time spent in transactions.");
        meter.CreateObservableCounter(
            "poolproxy.query.time", () => Each(pool => pool.QueryMicroseconds / MicrosecondsPerSecond), "s", "Time spent in queries.");
        meter.CreateObservableCounter(
            "poolproxy.wait.time", () => Each(pool => pool.WaitMicroseconds / MicrosecondsPerSecond), "s", "Time that clients waited for a server.");

        meter.CreateObservableCounter("poolproxy.logins", Logins, "{login}", "Logins by outcome.");
        meter.CreateObservableCounter("poolproxy.isolation.failures", () => _counts.IsolationFailures, "{failure}", "Servers closed because an identity was not confirmed.");
        meter.CreateObservableCounter("poolproxy.records.dropped", Dropped, "{record}", "Records lost to a full queue, by trail.");
    }

    private List<Measurement<T>> Each<T>(Func<PoolCounts, T> value)
        where T : struct => [.. _counts.Pools().Select(pool => new Measurement<T>(value(pool), Tag("pool", pool.Pool)))];

    private List<Measurement<int>> Clients()
    {
        var all = new List<Measurement<int>>();
        foreach (var pool in _counts.Pools())
        {
            all.Add(InState(pool, "active", pool.ClientsActive));
            all.Add(InState(pool, "waiting", pool.ClientsWaiting));
        }

        return all;
    }

    private List<Measurement<int>> Servers()
    {
        var all = new List<Measurement<int>>();
        foreach (var pool in _counts.Pools())
        {
            all.Add(InState(pool, "active", pool.ServersActive));
            all.Add(InState(pool, "idle", pool.ServersIdle));
            all.Add(InState(pool, "used", pool.ServersUsed));
            all.Add(InState(pool, "tested", pool.ServersTested));
            all.Add(InState(pool, "login", pool.ServersLogin));
            all.Add(InState(pool, "being_canceled", pool.ServersBeingCanceled));
        }

        return all;
    }

    private List<Measurement<long>> Bytes()
    {
        var all = new List<Measurement<long>>();
        foreach (var pool in _counts.Pools())
        {
            all.Add(new(pool.ReceivedBytes, Tag("pool", pool.Pool), Tag("direction", "received")));
            all.Add(new(pool.SentBytes, Tag("pool", pool.Pool), Tag("direction", "sent")));
        }

        return all;
    }

    private Measurement<long>[] Logins() =>
        [new(_counts.LoginsAccepted, Tag("outcome", "accepted")), new(_counts.LoginsRefused, Tag("outcome", "refused"))];

    private Measurement<long>[] Dropped() =>
        [new(_counts.LogRecordsDropped, Tag("trail", "log")), new(_counts.AuditRecordsDropped, Tag("trail", "audit"))];

    private static Measurement<int> InState(PoolCounts pool, string state, int count) =>
        new(count, Tag("pool", pool.Pool), Tag("state", state));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
