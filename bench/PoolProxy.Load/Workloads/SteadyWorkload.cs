using PoolProxy.Load.Driver;
using PoolProxy.Load.Measuring;
using PoolProxy.Load.Peers;

namespace PoolProxy.Load.Workloads;

/// <summary>Clients that stay connected and run transactions without a pause.</summary>
internal sealed class SteadyWorkload : Workload
{
    private static readonly TimeSpan Ramp = TimeSpan.FromMilliseconds(300);
    private const int LoginsAtOnce = 64;

    /// <summary>How many clients.</summary>
    public int Clients { get; init; } = 16;

    /// <summary>What they say.</summary>
    public required Script Script { get; init; }

    /// <summary>What is asked of every proxy.</summary>
    public Setup Setup { get; init; } = new();

    /// <summary>How many people the clients are, where they log in by tokens.</summary>
    public int Identities { get; init; } = 1;

    /// <summary>Whether PostgreSQL itself takes part.</summary>
    public bool IncludesDirect { get; init; } = true;

    /// <summary>Whether the script uses named statements.</summary>
    public bool NeedsPreparedStatements { get; init; }

    /// <summary>Further setups of PoolProxy.</summary>
    public IReadOnlyList<Variation> PoolProxyVariations { get; init; } = [];

    /// <summary>Further setups of PgBouncer.</summary>
    public IReadOnlyList<Variation> PgBouncerVariations { get; init; } = [];

    /// <inheritdoc/>
    public override IEnumerable<Variation> VariationsOf(Contender? contender)
    {
        Variation[] plain = [new Variation("", Setup)];
        return contender switch
        {
            null => IncludesDirect && Setup is { Tls: TlsKind.Off, Login: LoginMethod.Trust } ? plain : [],
            PgBouncerContender { KnowsPreparedStatements: false } when NeedsPreparedStatements => [],
            PgBouncerContender => [.. plain, .. PgBouncerVariations],
            PoolProxyContender => [.. plain, .. PoolProxyVariations],
            _ => plain,
        };
    }

    /// <inheritdoc/>
    public override Task<Measurement> MeasureAsync(Entrant entrant, World world, TimeSpan duration)
    {
        using var loop = new ClientLoop();
        var crowd = new Crowd();
        Target target = entrant.Target(world);
        SteadyClient[] clients = [.. Enumerable.Range(0, Clients)
            .Select(number => new SteadyClient(loop, target, world.CredentialsOf(entrant, number % Identities), Script, crowd))];
        foreach (SteadyClient[] group in clients.Chunk(LoginsAtOnce))
        {
            int before = crowd.Ready;
            Array.ForEach(group, client => client.Open());
            loop.RunUntil(() => crowd.Ready == before + group.Length);
        }
        Array.ForEach(clients, client => client.Begin());
        loop.RunFor(Ramp);
        var meter = new Meter(entrant.Proxy?.ProcessId, world.Cluster.PostmasterId);
        meter.Start(crowd.Window);
        loop.RunFor(duration);
        Measurement result = meter.Stop(crowd.Window);
        crowd.IsEnding = true;
        loop.RunUntil(() => crowd.Busy == 0);
        Array.ForEach(clients, client => client.Leave());
        loop.RunUntil(() => crowd.Ready == 0);
        return Task.FromResult(result);
    }
}
