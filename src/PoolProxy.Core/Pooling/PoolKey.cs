namespace PoolProxy.Core.Pooling;

/// <summary>What makes a pool: the database as clients name it, and the login that its servers use.</summary>
/// <param name="Database">The database.</param>
/// <param name="User">The login.</param>
/// <param name="IsForLookups">Its servers answer auth_query and nothing else: no client ever has one.</param>
internal readonly record struct PoolKey(string Database, string User, bool IsForLookups = false)
{
    public override string ToString() => IsForLookups ? $"{Database}/{User} (auth_query)" : $"{Database}/{User}";
}
