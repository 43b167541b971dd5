namespace PoolProxy.Core.Relay;

/// <summary>
/// Counts what may end the right of clients that are in: each compares it, before it is given a server, with what it was when that was last asked. So
/// no transaction begins behind a revocation, and as long as there is none a comparison is all it costs. Any thread.
/// </summary>
internal sealed class AdmissionEpoch
{
    private long _value;

    /// <summary>0 as long as nothing ever happened.</summary>
    public long Value => Volatile.Read(ref _value);

    /// <summary>Something has changed, and whoever asks from here on finds it changed.</summary>
    public void Advance() => Interlocked.Increment(ref _value);
}
