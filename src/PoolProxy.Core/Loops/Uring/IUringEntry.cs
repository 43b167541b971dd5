namespace PoolProxy.Core.Loops.Uring;

/// <summary>Something that <see cref="UringEngine"/> has operations under way for.</summary>
internal interface IUringEntry
{
    /// <summary>One of its operations has completed, or one part of a multishot operation.</summary>
    void OnCompletion(UringOperation operation, in CompletionEntry completion);

    /// <summary>The engine ends.</summary>
    void Close();
}
