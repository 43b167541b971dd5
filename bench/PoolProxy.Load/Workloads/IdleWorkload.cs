using PoolProxy.Load.Driver;
using PoolProxy.Load.Measuring;
using PoolProxy.Load.Peers;

namespace PoolProxy.Load.Workloads;

/// <summary>
/// What one more idle client costs: a fresh proxy gets a first crowd, which pays for code and tables; then many more come, each asks one query and
/// stays; the growth of the resident memory is shared among them.
/// </summary>
internal sealed class IdleWorkload : Workload
{
    private const int FirstCrowd = 500;
    private const int LoginsAtOnce = 64;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    /// <summary>How many more come.</summary>
    public required int Clients { get; init; }

    /// <summary>What is asked of every proxy.</summary>
    public Setup Setup { get; init; } = new();

    /// <inheritdoc/>
    public override bool StartsProxies => true;

    /// <inheritdoc/>
    public override IEnumerable<Variation> VariationsOf(Contender? contender) => contender is null ? [] : [new Variation("", Setup)];

    /// <inheritdoc/>
    public override async Task<Measurement> MeasureAsync(Entrant entrant, World world, TimeSpan duration)
    {
        await using RunningProxy proxy = await RunningProxy.StartAsync(entrant.Contender!, entrant.Setup, world, $"{Name}.{entrant.Name}");
        using var loop = new ClientLoop();
        var crowd = new Crowd();
        var script = new Script(Messages.Of(writer => writer.Query("select 1")), [[]]);
        Credentials credentials = world.CredentialsOf(entrant, 0);
        var target = new Target(proxy.Place.Port, entrant.Setup.Tls == TlsKind.Off ? null : world.ClientTls);
        Enter(loop, crowd, FirstCrowd, () => new SteadyClient(loop, target, credentials, script, crowd));
        long before = ProcessSample.Read(proxy.ProcessId).RssBytes;
        Enter(loop, crowd, Clients, () => new SteadyClient(loop, target, credentials, script, crowd));
        long after = ProcessSample.Read(proxy.ProcessId).RssBytes;
        return Measurement.Of((Metric.IdleClient, (after - before) / 1024.0 / Clients), (Metric.Rss, after / 1e6));
    }

    private static void Enter(ClientLoop loop, Crowd crowd, int count, Func<SteadyClient> make)
    {
        foreach (int[] group in Enumerable.Range(0, count).Chunk(LoginsAtOnce))
        {
            int before = crowd.Ready;
            foreach (int _ in group)
            {
                make().Open();
            }
            loop.RunUntil(() => crowd.Ready == before + group.Length);
        }
        loop.RunFor(Settling);
    }
}
