namespace PoolProxy.Configuration.Model;

/// <summary>What happens when records come faster than they can be written, or cannot be written: <c>overflow</c> in <c>[audit]</c>.</summary>
public enum AuditOverflow
{
    /// <summary><c>drop</c>: records are lost and counted; clients notice nothing (default).</summary>
    Drop,

    /// <summary><c>block</c>: clients wait with their next statement until there is room.</summary>
    Block,
}
