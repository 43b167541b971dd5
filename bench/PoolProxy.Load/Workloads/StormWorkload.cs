using PoolProxy.Load.Driver;
using PoolProxy.Load.Measuring;
using PoolProxy.Load.Peers;

namespace PoolProxy.Load.Workloads;

/// <summary>Clients that connect, log in, ask one query and leave, over and over.</summary>
internal sealed class StormWorkload : Workload
{
    private static readonly TimeSpan Ramp = TimeSpan.FromMilliseconds(300);

    /// <summary>How many at a time.</summary>
    public int Clients { get; init; } = 16;

    /// <summary>What is asked of every proxy that has no setup of its own.</summary>
    public Setup Setup { get; init; } = new();

    /// <summary>What is asked of PoolProxy instead, in each of its variations; none where it is asked the same as the others.</summary>
    public IReadOnlyList<Variation> PoolProxyVariations { get; init; } = [];

    /// <summary>Whether every login brings a token that was never seen. They are signed on the way, by ES256, which costs the client little.</summary>
    public bool TokensAreFresh { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<Variation> VariationsOf(Contender? contender) => contender switch
    {
        null => Setup == new Setup() ? [new Variation("", Setup)] : [],
        PoolProxyContender when PoolProxyVariations.Count > 0 => PoolProxyVariations,
        _ => [new Variation("", Setup)],
    };

    /// <inheritdoc/>
    public override Task<Measurement> MeasureAsync(Entrant entrant, World world, TimeSpan duration)
    {
        using var loop = new ClientLoop();
        var crowd = new Crowd();
        Target target = entrant.Target(world);
        Credentials usual = world.CredentialsOf(entrant, 0);
        Func<Credentials> credentials = TokensAreFresh && entrant.Setup.Login == LoginMethod.Token ? world.FreshCredentials : () => usual;
        byte[] query = Messages.Of(writer => writer.Query("select 1"));
        StormClient[] clients = [.. Enumerable.Range(0, Clients).Select(_ => new StormClient(loop, target, credentials, query, crowd))];
        Array.ForEach(clients, client => client.Begin());
        loop.RunFor(Ramp);
        var meter = new Meter(entrant.Proxy?.ProcessId, world.Cluster.PostmasterId);
        meter.Start(crowd.Window);
        loop.RunFor(duration);
        Measurement result = meter.Stop(crowd.Window);
        crowd.IsEnding = true;
        loop.RunUntil(() => crowd.Busy == 0);
        return Task.FromResult(result);
    }
}
