using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Tokens;

namespace PoolProxy.Core.Access;

/// <summary>All that <c>[access]</c> says, as of one RELOAD, with the databases that there are. Immutable, swapped whole.</summary>
internal sealed class AccessPlan
{
    private readonly ProxyConfiguration _configuration;

    public AccessPlan(ProxyConfiguration configuration)
    {
        _configuration = configuration;
        Policies =
        [
            .. configuration.Access.Policies.Select(policy => new AccessPolicy
            {
                Number = policy.Number,
                Issuer = policy.Issuer,
                Conditions = [.. policy.When.Select(TokenPolicies.ToCondition)],
                Roles = policy.Role,
                Databases = policy.Database,
                MaxTime = policy.MaxTime,
                RequiresReason = policy.RequireReason,
                Approvers = [.. policy.ApproveWhen.Select(TokenPolicies.ToCondition)],
            }),
        ];
    }

    public AccessSettings Settings => _configuration.Access;

    /// <summary>The policies in the file's order.</summary>
    public IReadOnlyList<AccessPolicy> Policies { get; }

    /// <summary>Whether clients can ask for a database of this name at all, and for this role in it.</summary>
    public bool HasDatabase(string name, string role) => _configuration.TryFindDatabase(name, out var database)
        && (_configuration.IsolationOf(database) is not (IsolationLevel.Partitioned or IsolationLevel.Exclusive) || database.Logins.ContainsKey(role));
}
