namespace PoolProxy.Configuration.Change;

/// <summary>What happened to a section.</summary>
public enum ChangeKind
{
    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>It is not there any more.</summary>
    Removed,

    /// <summary>It has other values.</summary>
    Changed,
}
