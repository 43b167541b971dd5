using PoolProxy.Identity.Claims;
using PoolProxy.Identity.Rules;

namespace PoolProxy.Core.Access;

/// <summary>One of <c>[[access.policies]]</c>, ready to be asked. Immutable.</summary>
internal sealed record AccessPolicy
{
    public required int Number { get; init; }

    /// <summary>The issuer's configured name.</summary>
    public required string Issuer { get; init; }

    public required IReadOnlyList<ClaimCondition> Conditions { get; init; }

    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Empty is all.</summary>
    public required IReadOnlyList<string> Databases { get; init; }

    public required TimeSpan MaxTime { get; init; }

    public required bool RequiresReason { get; init; }

    /// <summary>What the claims of whoever approves must meet; empty where nobody has to.</summary>
    public required IReadOnlyList<ClaimCondition> Approvers { get; init; }

    /// <summary>Whether it is for these claims, this database and this role (null: its first). A pattern that runs out of time does not hold. Takes as long as its patterns.</summary>
    public bool IsFor(string issuer, ClaimSet claims, string database, string? role) =>
        Issuer == issuer
        && (Databases.Count == 0 || Databases.Contains(database))
        && (role is null || Roles.Contains(role))
        && Conditions.All(condition => condition.Evaluate(claims) == ConditionResult.Holds);

    /// <summary>Whether somebody with these claims may approve.</summary>
    public bool CanApprove(string issuer, ClaimSet claims) =>
        Approvers.Count > 0 && Issuer == issuer && Approvers.All(condition => condition.Evaluate(claims) == ConditionResult.Holds);
}
