namespace PoolProxy.Core.Doctor;

/// <summary>
/// One thing that is looked at. A check holds no state; to add one, write its class and put it into <see cref="CheckList"/>.
/// </summary>
internal abstract class Check
{
    /// <summary>What is said where it finds nothing.</summary>
    public abstract string Praise { get; }

    /// <summary>By default what isolation stands on; without isolation there is nothing for it to undo.</summary>
    public virtual bool AppliesTo(Upstream upstream) => upstream.IsIsolated;

    /// <summary>What is wrong; nothing where all is as it should be.</summary>
    public abstract Task<IReadOnlyList<Finding>> RunAsync(Examination examination);

    /// <summary>For checks that need not ask.</summary>
    protected static Task<IReadOnlyList<Finding>> Found(params IReadOnlyList<Finding> findings) => Task.FromResult(findings);
}
