using PoolProxy.Load.Driver;

namespace PoolProxy.Load.Peers;

/// <summary>A contender in one workload, with the setup it runs under; or PostgreSQL itself, for comparison.</summary>
/// <param name="Name">The contender's name, and behind a plus what is special about the setup.</param>
/// <param name="Contender">Null for PostgreSQL itself.</param>
/// <param name="Setup">What it is configured for.</param>
internal sealed record Entrant(string Name, Contender? Contender, Setup Setup)
{
    /// <summary>PostgreSQL itself, without a proxy.</summary>
    public const string Direct = "direct";

    /// <summary>Set while it runs; null for PostgreSQL itself.</summary>
    public RunningProxy? Proxy { get; set; }

    /// <summary>Where its clients connect.</summary>
    public Target Target(World world) => new(Proxy?.Place.Port ?? world.Cluster.Port, Setup.Tls == TlsKind.Off ? null : world.ClientTls);
}
