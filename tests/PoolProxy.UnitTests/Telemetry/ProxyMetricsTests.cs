using System.Diagnostics.Metrics;
using PoolProxy.Core.Telemetry;
using Xunit;

namespace PoolProxy.UnitTests.Telemetry;

public sealed class ProxyMetricsTests : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());

    [Fact]
    public void Every_number_is_the_counter_that_SHOW_shows()
    {
        var seen = Collect();
        Assert.Equal(1, seen["poolproxy.clients pool=app/alice state=active"]);
        Assert.Equal(2, seen["poolproxy.clients pool=app/alice state=waiting"]);
        string[] states = ["active", "idle", "used", "tested", "login", "being_canceled"];
        Assert.Equal([3d, 4, 5, 6, 7, 8], states.Select(state => seen[$"poolproxy.servers pool=app/alice state={state}"]));
        Assert.Equal(1.5, seen["poolproxy.wait.oldest pool=app/alice"]);
        Assert.Equal(9, seen["poolproxy.transactions pool=app/alice"]);
        Assert.Equal(10, seen["poolproxy.queries pool=app/alice"]);
        Assert.Equal(11, seen["poolproxy.assignments pool=app/alice"]);
        Assert.Equal(12, seen["poolproxy.io direction=received pool=app/alice"]);
        Assert.Equal(13, seen["poolproxy.io direction=sent pool=app/alice"]);
        Assert.Equal(2, seen["poolproxy.transaction.time pool=app/alice"]);
        Assert.Equal(1, seen["poolproxy.query.time pool=app/alice"]);
        Assert.Equal(0.5, seen["poolproxy.wait.time pool=app/alice"]);
        Assert.Equal(3, seen["poolproxy.clients.login"]);
        Assert.Equal(40, seen["poolproxy.logins outcome=accepted"]);
        Assert.Equal(2, seen["poolproxy.logins outcome=refused"]);
        Assert.Equal(1, seen["poolproxy.isolation.failures"]);
        Assert.Equal(5, seen["poolproxy.records.dropped trail=log"]);
        Assert.Equal(6, seen["poolproxy.records.dropped trail=audit"]);
    }

    [Fact]
    public void Every_instrument_has_a_unit_and_a_description()
    {
        var instruments = new List<Instrument>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => instruments.Add(instrument) };
        _ = new ProxyMetrics(this, new Counts());
        listener.Start();
        var ours = instruments.Where(instrument => _meters.Contains(instrument.Meter)).ToList();
        Assert.NotEmpty(ours);
        Assert.All(ours, instrument => Assert.False(string.IsNullOrEmpty(instrument.Unit) || string.IsNullOrEmpty(instrument.Description)));
    }

    private Dictionary<string, double> Collect()
    {
        var seen = new Dictionary<string, double>();
        _ = new ProxyMetrics(this, new Counts());
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (_meters.Contains(instrument.Meter))
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => seen[Key(instrument, tags)] = value);
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen[Key(instrument, tags)] = value);
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => seen[Key(instrument, tags)] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }

    private static string Key(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.ToArray().OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}").Prepend(instrument.Name));

    private sealed class Counts : IProxyCounts
    {
        public int ClientsLoggingIn => 3;

        public long LoginsAccepted => 40;

        public long LoginsRefused => 2;

        public long IsolationFailures => 1;

        public long LogRecordsDropped => 5;

        public long AuditRecordsDropped => 6;

        public IReadOnlyList<PoolCounts> Pools() =>
        [
            new PoolCounts
            {
                Pool = "app/alice", ClientsActive = 1, ClientsWaiting = 2, ServersActive = 3, ServersIdle = 4, ServersUsed = 5, ServersTested = 6,
                ServersLogin = 7, ServersBeingCanceled = 8, OldestWaitMicroseconds = 1_500_000, Transactions = 9, Queries = 10, ServerAssignments = 11,
                ReceivedBytes = 12, SentBytes = 13, TransactionMicroseconds = 2_000_000, QueryMicroseconds = 1_000_000, WaitMicroseconds = 500_000,
            },
        ];
    }
}
