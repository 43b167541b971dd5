using PoolProxy.Sandbox.Postgres;

namespace PoolProxy.Testing.Soak;

/// <summary>How a soak is run.</summary>
public sealed record SoakOptions
{
    /// <summary>PostgreSQL's version.</summary>
    public PostgresWish Postgres { get; init; }

    /// <summary><c>partitioned</c>, <c>set_role</c> or <c>exclusive</c>.</summary>
    public string Level { get; init; } = "partitioned";

    /// <summary>People who may see rows with their own tag only; each has one connection.</summary>
    public int People { get; init; } = 300;

    /// <summary>People who leave claims, roles, temporary tables and the like behind.</summary>
    public int Intruders { get; init; } = 30;

    /// <summary>Servers of each of the two pools; under <c>set_role</c> there is one.</summary>
    public int Servers { get; init; } = 4;

    /// <summary>It ends when so many statements were answered.</summary>
    public long Statements { get; init; } = 10_000_000;

    /// <summary>It ends then at the latest, however many were answered.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(4);

    /// <summary>How often something is done to the proxy or its servers; zero for never.</summary>
    public TimeSpan TroubleInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Every so many troubles a backend is killed with SIGKILL, and PostgreSQL recovers; 0 for never.</summary>
    public int KillEvery { get; init; } = 5;

    /// <summary>A prelude that was sent does nothing: what a build without it would be. For the test of the soak itself.</summary>
    public bool LeavesPreludeOut { get; init; }

    /// <summary>Where chance starts.</summary>
    public int Seed { get; init; } = 1;
}
