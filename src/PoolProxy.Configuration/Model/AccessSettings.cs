namespace PoolProxy.Configuration.Model;

/// <summary>Access on demand: <c>[access]</c>. Nobody gets any without a policy.</summary>
public sealed record AccessSettings
{
    /// <summary><c>issuer</c>: <c>iss</c> and <c>aud</c> of the credentials that the proxy signs; no issuer's own. Default poolproxy.</summary>
    public string Issuer { get; init; } = "poolproxy";

    /// <summary><c>use_within</c>: how long a credential waits for its one login; 10 s to 1 h, default 5 min.</summary>
    public TimeSpan UseWithin { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary><c>approval_timeout</c>: how long a request waits for its approval, and then to be collected; 1 min to 7 days, default 1 h.</summary>
    public TimeSpan ApprovalTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary><c>key_rotation</c>: how long one key signs; 1 h to 30 days, default 24 h. Keys live in memory only: a restart makes every credential void that was not used.</summary>
    public TimeSpan KeyRotation { get; init; } = TimeSpan.FromHours(24);

    /// <summary><c>max_grants</c>: grants that are not over; 1 to 100 000, default 1000.</summary>
    public int MaxGrants { get; init; } = 1000;

    /// <summary><c>max_grants_per_subject</c>: of those, one person's; 1 to 1000, default 10.</summary>
    public int MaxGrantsPerSubject { get; init; } = 10;

    /// <summary><c>[[access.policies]]</c>, in the file's order.</summary>
    public IReadOnlyList<AccessPolicySettings> Policies { get; init; } = [];
}
