using System.Diagnostics.CodeAnalysis;
using PoolProxy.Identity.Claims;

namespace PoolProxy.Identity.Rules;

/// <summary>Which of a rule's roles the startup packet's <c>user</c> means.</summary>
public static class RoleChoice
{
    /// <summary>
    /// One of the rule's roles by its name; or the person's own name, which then means the rule's first role, so that tools that insist on a
    /// personal user name work. Nothing else is guessed: a client that asks for a role must not silently get another.
    /// </summary>
    /// <param name="rule">The rule that matched.</param>
    /// <param name="claims">Proven claims.</param>
    /// <param name="nameClaims">The claims that may hold the person's own name; any of them will do, for all are proven.</param>
    /// <param name="startupUser">The startup packet's <c>user</c>.</param>
    /// <param name="role">The role; null on false.</param>
    /// <param name="refusal">On false, why.</param>
    public static bool TryChoose(
        Rule rule,
        ClaimSet claims,
        IReadOnlyList<string> nameClaims,
        string startupUser,
        [NotNullWhen(true)] out string? role,
        out AccessRefusal refusal)
    {
        refusal = AccessRefusal.RoleNotAllowed;
        role = rule.Roles.Contains(startupUser) ? startupUser
            : rule.Roles.Count > 0 && nameClaims.Any(name => startupUser == claims.FindText(name)) ? rule.Roles[0]
            : null;
        if (role is not null && !RoleName.IsAllowed(role))
        {
            refusal = AccessRefusal.RoleForbidden;
            role = null;
        }

        return role is not null;
    }
}
