using PoolProxy.Core.Transport.Tls;

namespace PoolProxy.UnitTests.Transport.Tls;

/// <summary>
/// What an SslStream sits on to talk to one of our channels: what it writes is fed, what it reads is the channel's pending
/// cipher, and nothing pending is the end. No socket, thread or wait, so a test is the same each time.
/// </summary>
internal sealed class ChannelStream(TlsChannel channel) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Cipher bytes the SslStream has taken so far.</summary>
    public int ReadBytes { get; private set; }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        int taken = channel.TakeCipher(buffer.AsSpan(offset, count));
        ReadBytes += taken;
        return taken;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => channel.Feed(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
