namespace PoolProxy.Configuration.Model;

/// <summary>Which statements leave a record: <c>statements</c> in <c>[audit]</c>.</summary>
public enum AuditedStatements
{
    /// <summary><c>off</c>: none (default).</summary>
    Off,

    /// <summary><c>all</c>: every one.</summary>
    All,

    /// <summary><c>write</c>: every one whose text does not show that it only reads.</summary>
    Write,
}
