namespace PoolProxy.Load.Driver;

/// <summary>What bytes go through: a socket, or TLS over it. Never blocks. Of one thread.</summary>
internal abstract class Wire
{
    /// <summary>The answer of <see cref="Receive"/> where the peer has closed.</summary>
    public const int Ended = -1;

    /// <summary>Reads what is there.</summary>
    /// <returns>Bytes, 0 where there are none now, or <see cref="Ended"/>.</returns>
    /// <exception cref="BenchException">The connection broke.</exception>
    public abstract int Receive(Span<byte> buffer);

    /// <summary>Writes what the kernel takes.</summary>
    /// <returns>Bytes taken, 0 where there is no room now.</returns>
    /// <exception cref="BenchException">The connection broke.</exception>
    public abstract int Send(ReadOnlySpan<byte> bytes);

    /// <summary>Whether bytes may be waiting inside the wire, which the kernel would not tell of.</summary>
    public abstract bool HoldsBytes { get; }

    /// <summary>Frees what the wire has beside the socket.</summary>
    public abstract void Release();
}
