using System.Net.Security;
using System.Net.Sockets;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Testing.Wire;

/// <summary>
/// A socket, with TLS or without, from which one end of a conversation reads whole messages, each within <see cref="Deadlines.Step"/>.
/// One reader and one writer at a time.
/// </summary>
public sealed class WireStream : IAsyncDisposable
{
    private const int MaxMessageBytes = 64 * 1024 * 1024;

    private readonly Socket _socket;
    private readonly Side _peer;
    private Stream _stream;

    /// <summary>Takes over a connected socket whose other end is <paramref name="peer"/>.</summary>
    public WireStream(Socket socket, Side peer)
    {
        _socket = socket;
        _peer = peer;
        if (socket.AddressFamily != AddressFamily.Unix)
        {
            socket.NoDelay = true;
        }
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>The socket, for what only it can do.</summary>
    public Socket Socket => _socket;

    /// <summary>Puts TLS on top; <paramref name="handshake"/> does it.</summary>
    public async Task StartTlsAsync(Func<Stream, Task<SslStream>> handshake) =>
        _stream = await handshake(_stream).WaitAsync(Deadlines.Step);

    /// <summary>Writes bytes at once.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes).AsTask().WaitAsync(Deadlines.Step);
        await _stream.FlushAsync();
    }

    /// <summary>
    /// Writes bytes in pieces of the given sizes, the rest as the last. On plain TCP of this machine each piece has been read by the peer before
    /// the next is sent, so the peer really sees them apart.
    /// </summary>
    public async Task WriteInPiecesAsync(ReadOnlyMemory<byte> bytes, IEnumerable<int> sizes)
    {
        foreach (int size in sizes)
        {
            if (size <= 0 || size >= bytes.Length)
            {
                break;
            }
            await WriteAsync(bytes[..size]);
            bytes = bytes[size..];
            await PeerQueue.WaitUntilReadAsync(_socket);
        }
        await WriteAsync(bytes);
    }

    /// <summary>Reads that many bytes.</summary>
    /// <exception cref="EndOfStreamException">The peer ended before.</exception>
    /// <exception cref="TimeoutException">They did not come.</exception>
    public async Task<byte[]> ReadBytesAsync(int count)
    {
        var bytes = new byte[count];
        await WithDeadlineAsync(cancellation => _stream.ReadExactlyAsync(bytes, cancellation).AsTask());
        return bytes;
    }

    /// <summary>Reads one message.</summary>
    /// <exception cref="EndOfStreamException">The peer ended, between messages or inside one.</exception>
    /// <exception cref="TimeoutException">None came.</exception>
    public async Task<WireMessage> ReadMessageAsync()
    {
        byte[] header = await ReadBytesAsync(Frame.HeaderLength);
        if (Frame.TryReadHeader(header, out _, out long totalLength) != FrameStatus.Complete || totalLength > MaxMessageBytes)
        {
            throw new InvalidDataException($"not the header of a message: {Convert.ToHexString(header)}");
        }
        byte[] body = await ReadBytesAsync((int)totalLength - Frame.HeaderLength);
        return WireMessage.FromBytes(_peer, [.. header, .. body]);
    }

    /// <summary>Reads until the peer ends, and returns what came before.</summary>
    /// <exception cref="TimeoutException">It did not end.</exception>
    public async Task<byte[]> ReadToEndAsync()
    {
        using var bytes = new MemoryStream();
        try
        {
            await WithDeadlineAsync(cancellation => _stream.CopyToAsync(bytes, cancellation));
        }
        // A reset is an end too: the peer had unread bytes of ours when it closed.
        catch (IOException error) when (error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
        }
        return bytes.ToArray();
    }

    /// <summary>Ends the connection by a reset instead of in order.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    /// <summary>Says that nothing more will be sent; reading goes on. Plain connections only.</summary>
    public void ShutdownSend() => _socket.Shutdown(SocketShutdown.Send);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static async Task WithDeadlineAsync(Func<CancellationToken, Task> read)
    {
        using var deadline = new CancellationTokenSource(Deadlines.Step);
        try
        {
            await read(deadline.Token);
        }
        catch (OperationCanceledException error)
        {
            throw new TimeoutException($"nothing came within {Deadlines.Step.TotalSeconds} s", error);
        }
    }
}
