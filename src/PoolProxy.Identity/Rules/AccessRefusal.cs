namespace PoolProxy.Identity.Rules;

/// <summary>Why someone whose token is good may not enter as asked: 28000. For logs, audit and <c>explain</c>.</summary>
public enum AccessRefusal
{
    /// <summary>No rule matches the claims.</summary>
    NoRule,

    /// <summary>A rule's pattern ran out of time.</summary>
    RuleTimedOut,

    /// <summary>The startup user is neither one of the rule's roles nor the person's own name.</summary>
    RoleNotAllowed,

    /// <summary>The role that the rule gives can never be one: <see cref="RoleName.IsAllowed"/>.</summary>
    RoleForbidden,

    /// <summary>The rule opens nothing of the console.</summary>
    ConsoleShut,

    /// <summary>The token brings limits that cannot be read: <see cref="ClaimedLimits"/>.</summary>
    LimitsMalformed,
}
