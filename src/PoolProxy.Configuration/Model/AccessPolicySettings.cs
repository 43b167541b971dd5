namespace PoolProxy.Configuration.Model;

/// <summary>One of <c>[[access.policies]]</c>: who may ask for which role where, and for how long. The first whose conditions hold and that gives what is asked for decides.</summary>
public sealed record AccessPolicySettings
{
    /// <summary>The policy's number in the file, from 1: its name in the audit trail.</summary>
    public required int Number { get; init; }

    /// <summary><c>issuer</c>: the name of a section of <c>[issuers]</c>; required.</summary>
    public required string Issuer { get; init; }

    /// <summary><c>when</c>: as in a rule.</summary>
    public IReadOnlyList<ClaimCondition> When { get; init; } = [];

    /// <summary><c>role</c>: the roles that may be asked for, the first being the default; at least one.</summary>
    public required IReadOnlyList<string> Role { get; init; }

    /// <summary><c>database</c>: the databases that may be asked for; empty is all.</summary>
    public IReadOnlyList<string> Database { get; init; } = [];

    /// <summary><c>max_time</c>: the longest access; 1 min to 24 h, default 1 h. Also what is given to whoever does not say how long.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary><c>require_reason</c>: without a reason nothing is given. Default on.</summary>
    public bool RequireReason { get; init; } = true;

    /// <summary><c>approve_when</c>: who may approve, by the same issuer's claims; empty for a policy that gives at once. Nobody approves what they asked for themselves.</summary>
    public IReadOnlyList<ClaimCondition> ApproveWhen { get; init; } = [];
}
