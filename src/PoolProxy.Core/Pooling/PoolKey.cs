namespace PoolProxy.Core.Pooling;

/// <summary>What makes a pool: the database as clients name it, and the login that its servers use.</summary>
internal readonly record struct PoolKey(string Database, string User)
{
    public override string ToString() => $"{Database}/{User}";
}
