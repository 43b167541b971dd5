namespace PoolProxy.Core.Telemetry;

/// <summary>What a <see cref="WriterQueue{T}"/> does with what it holds. All of it is called on the queue's own thread, without its lock, and may take its time.</summary>
internal interface IQueueWriter<T>
{
    /// <summary>The target is to be opened, again maybe, before anything else is written.</summary>
    void Open();

    /// <summary>A batch was taken out of the queue: there is room.</summary>
    void BatchTaken();

    /// <summary>Writes a batch, in order. Answers how many items were lost; the queue counts them.</summary>
    int Write(ReadOnlySpan<T> batch);

    /// <summary>Writes that so many items were lost; false where that cannot be said now either.</summary>
    bool WriteLoss(long count);

    /// <summary>The queue ends; nothing follows.</summary>
    void Close();
}
