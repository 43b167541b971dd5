namespace PoolProxy.Core.Loops;

/// <summary>
/// The few buffers that all connections of a loop share because each is used and done with inside one call. TLS needs them; a loop without
/// TLS never rents them.
/// </summary>
internal sealed class WorkBuffers(BufferPool pool)
{
    /// <summary>The size of each, in bytes.</summary>
    public const int SizeBytes = 64 * 1024;

    private LoopBuffer? _receivedPlain;
    private LoopBuffer? _plainToSend;
    private LoopBuffer? _cipherToSend;

    /// <summary>Decrypted bytes while a handler looks at them.</summary>
    public LoopBuffer ReceivedPlain => _receivedPlain ??= pool.Rent(SizeBytes);

    /// <summary>Segments on their way into one TLS record.</summary>
    public LoopBuffer PlainToSend => _plainToSend ??= pool.Rent(SizeBytes);

    /// <summary>Records on their way to the socket.</summary>
    public LoopBuffer CipherToSend => _cipherToSend ??= pool.Rent(SizeBytes);
}
