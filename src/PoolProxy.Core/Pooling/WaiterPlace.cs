namespace PoolProxy.Core.Pooling;

/// <summary>Where a waiter stands, as its pool's state keeps it.</summary>
internal enum WaiterPlace : byte
{
    /// <summary>Not waiting.</summary>
    Out,

    /// <summary>In the queue. Ends by a promise, or by leaving.</summary>
    Queued,

    /// <summary>
    /// Out of the queue: a server is on its way to it. From here only its own loop changes the place, unless the server is lost on the
    /// way: then it is put back at the head.
    /// </summary>
    Promised,
}
