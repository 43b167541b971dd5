using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Isolation;

namespace PoolProxy.Core.Doctor;

/// <summary>One login to one server as the configuration may use it, and what it is used for.</summary>
internal sealed record Upstream
{
    public required IsolationLevel Level { get; init; }

    /// <summary>As the pool opens it.</summary>
    public required ServerTarget Target { get; init; }

    /// <summary>The roles that transactions run as here: one for each login, or all that rules give under <c>set_role</c>; none under <c>none</c>.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The roles that this login serves in any database of the same server.</summary>
    public IReadOnlyCollection<string> RolesOfLogin { get; init; } = [];

    public bool AllowsUnsafeLogin { get; init; }

    /// <summary>Claims are set on the server, as a setting that statements show.</summary>
    public bool ExposesClaims { get; init; }

    /// <summary>Signs identities for the database; null without <c>identity_key</c>.</summary>
    public IdentitySigner? Signer { get; init; }

    /// <summary>The login is a user whom the file happens to know, one of many, and not one that the database names.</summary>
    public bool IsOneUserOfMany { get; init; }

    /// <summary>The auth_query that this login, auth_user, asks; null for one that serves clients.</summary>
    public string? Lookup { get; init; }

    /// <summary>A client certificate is shown to the server.</summary>
    public bool HasCertificate { get; init; }

    public string Login => Target.User;

    public bool IsIsolated => Level != IsolationLevel.None;

    /// <summary>What belongs to the whole server is the same for upstreams where this is equal.</summary>
    public (string Host, int Port) Server => (Target.Host, Target.Port);

    public bool IsUnix => Target.Host.StartsWith('/');

    /// <summary>How grave it is that a login could undo isolation.</summary>
    public FindingLevel UnsafeLevel => IsIsolated && !AllowsUnsafeLogin ? FindingLevel.Fault : FindingLevel.Warning;
}
