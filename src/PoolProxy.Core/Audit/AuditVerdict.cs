namespace PoolProxy.Core.Audit;

/// <summary>What a look at a trail came to.</summary>
public enum AuditVerdict
{
    /// <summary>Nothing was changed, removed or inserted between the first record and the last.</summary>
    Whole,

    /// <summary>Something was, or the last line is torn.</summary>
    Broken,

    /// <summary>It could not be looked at.</summary>
    Unreadable,
}
