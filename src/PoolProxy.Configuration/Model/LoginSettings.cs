using System.Collections.ObjectModel;

namespace PoolProxy.Configuration.Model;

/// <summary>The upstream login that serves one role, and its share of connections: <c>[databases.NAME.logins.ROLE]</c>.</summary>
public sealed record LoginSettings
{
    /// <summary>The section's name: the role whose transactions run on this login.</summary>
    public required string Role { get; init; }

    /// <summary><c>user</c>: the login's name upstream; required.</summary>
    public required string User { get; init; }

    /// <summary><c>password</c>; null where it authenticates by certificate, peer or trust.</summary>
    public Secret? Password { get; init; }

    /// <summary><c>pool_size</c>: servers of this login; 0 is unlimited, null takes the database's.</summary>
    public int? PoolSize { get; init; }

    /// <summary><c>statement_sharing</c>.</summary>
    public StatementSharing StatementSharing { get; init; } = StatementSharing.Identity;

    /// <summary><c>settings</c>: PostgreSQL settings of the startup packet, in the file's order; they beat the database's.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
