namespace PoolProxy.Core.Isolation;

/// <summary>
/// What keeps one role's statements apart from another's in a pool's catalogue: an object a role, the same on every loop. Roles come from
/// the configuration's rules, so there are few.
/// </summary>
internal sealed class RoleScopes
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, object> _scopes = new(StringComparer.Ordinal);

    /// <summary>The scope of all, where roles do not matter.</summary>
    public object Everybody { get; } = new();

    /// <summary>The scope of one role.</summary>
    public object Of(string role)
    {
        lock (_gate)
        {
            if (!_scopes.TryGetValue(role, out var scope))
            {
                _scopes.Add(role, scope = new object());
            }

            return scope;
        }
    }
}
