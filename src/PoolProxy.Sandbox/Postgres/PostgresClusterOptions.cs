using PoolProxy.Sandbox.Certificates;

namespace PoolProxy.Sandbox.Postgres;

/// <summary>What a throwaway cluster shall be like. Every property has a default.</summary>
public sealed record PostgresClusterOptions
{
    /// <summary>Which version; any from 15 on by default. Ignored where <see cref="Binaries"/> is given.</summary>
    public PostgresWish Wish { get; init; }

    /// <summary>One particular installation.</summary>
    public PostgresBinaries? Binaries { get; init; }

    /// <summary>Settings for postgresql.conf beside or above our own, as plain values: quotes are added here.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Lines of pg_hba.conf, which replace the default <c>host all all 127.0.0.1/32 trust</c>. The line <c>local all postgres trust</c>
    /// always comes first: the sandbox itself comes in by it, through a socket in a folder that only its own account can enter.
    /// </summary>
    public IReadOnlyList<string> HbaLines { get; init; } = ["local all all trust", "host all all 127.0.0.1/32 trust"];

    /// <summary>Lines of pg_ident.conf.</summary>
    public IReadOnlyList<string> IdentLines { get; init; } = [];

    /// <summary>The server's certificate and key; TLS is off without.</summary>
    public CertificateFiles? Certificate { get; init; }

    /// <summary>The PEM file of the authority that client certificates must come from, for <c>cert</c> and <c>clientcert=</c>.</summary>
    public string? ClientAuthorityFile { get; init; }

    /// <summary>
    /// The cluster that this one follows as a streaming standby, until it is promoted. Both come from one initialised folder, so that nothing has to be copied:
    /// the other needs a wal_keep_size that still reaches back to its own first start, and an HBA line for <c>replication</c>.
    /// </summary>
    public PostgresCluster? StandbyOf { get; init; }
}
