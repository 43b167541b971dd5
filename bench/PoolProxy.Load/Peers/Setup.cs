namespace PoolProxy.Load.Peers;

/// <summary>What a workload asks of a proxy: said once, written by each contender into its own configuration file. Transaction pooling throughout.</summary>
internal sealed record Setup
{
    /// <summary>How clients enter.</summary>
    public LoginMethod Login { get; init; } = LoginMethod.Trust;

    /// <summary>TLS with clients. PostgreSQL is reached in the clear by everybody.</summary>
    public TlsKind Tls { get; init; } = TlsKind.Off;

    /// <summary>Servers.</summary>
    public int PoolSize { get; init; } = 20;

    /// <summary>What keeps identities apart; PoolProxy only.</summary>
    public string Isolation { get; init; } = "none";

    /// <summary>More keys of PoolProxy's <c>[proxy]</c>, a line each.</summary>
    public string ProxyLines { get; init; } = "";

    /// <summary>More keys of PoolProxy's <c>[databases.bench]</c>, a line each.</summary>
    public string DatabaseLines { get; init; } = "";

    /// <summary>Whole sections of PoolProxy's file behind all others. File names in them are relative to the entrant's folder.</summary>
    public string Sections { get; init; } = "";

    /// <summary>More settings of PgBouncer's <c>[pgbouncer]</c>, a line each.</summary>
    public string PgBouncerLines { get; init; } = "";
}
