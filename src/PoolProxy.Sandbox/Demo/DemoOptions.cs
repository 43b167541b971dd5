using PoolProxy.Sandbox.Postgres;

namespace PoolProxy.Sandbox.Demo;

/// <summary>
/// How the demo's world is built. Everything that keeps people apart can be taken out, one by one, by SQL or configuration alone:
/// a story that still ends well then proves nothing, and tests see to it that it does not.
/// </summary>
public sealed record DemoOptions
{
    /// <summary>Which PostgreSQL; any from 15 on by default.</summary>
    public PostgresWish Wish { get; init; }

    /// <summary>How long the good tokens live; an hour by default.</summary>
    public TimeSpan TokenLife { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The port that the proxy should listen on if it is free; else any.</summary>
    public int PreferredPort { get; init; } = 6432;

    /// <summary>Off: row-level security is disabled on the table, and everyone sees every row.</summary>
    public bool PolicyEnabled { get; init; } = true;

    /// <summary>Off: <c>expose_claims</c> leaves out <c>sub</c>, and SQL does not learn who the person is.</summary>
    public bool SubjectExposed { get; init; } = true;

    /// <summary>On: the issuer publishes the forger's key, and forged tokens are good.</summary>
    public bool ForgerTrusted { get; init; }

    /// <summary>On: the token that should be expired is fresh.</summary>
    public bool ExpiredTokenFresh { get; init; }

    /// <summary>On: the rules admit everybody whom the issuer knows.</summary>
    public bool StrangerAdmitted { get; init; }

    /// <summary>Off: the configuration keeps no audit trail.</summary>
    public bool AuditEnabled { get; init; } = true;
}
