using System.Net;
using System.Net.Sockets;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Transport;

namespace PoolProxy.Testing.Loops;

/// <summary>A connection on a loop and the ordinary socket at its other end, over loopback TCP.</summary>
internal sealed class SocketPair : IDisposable
{
    private SocketPair(Socket peer, Connection connection, RecordingHandler handler)
    {
        Peer = peer;
        Connection = connection;
        Handler = handler;
    }

    public Socket Peer { get; }

    public Connection Connection { get; }

    public RecordingHandler Handler { get; }

    /// <summary>For a loop that runs on its own thread.</summary>
    public static SocketPair Open(LoopThread loop, bool startsReading = true, int socketBufferBytes = 0) =>
        loop.Do(() => Open(loop.Loop, startsReading, socketBufferBytes));

    /// <summary>On the loop's thread, which blocks for the moment that loopback takes.</summary>
    public static SocketPair Open(Loop loop, bool startsReading = true, int socketBufferBytes = 0)
    {
        using var listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (socketBufferBytes > 0)
        {
            listening.SendBufferSize = socketBufferBytes;
        }

        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen(1);
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (socketBufferBytes > 0)
        {
            peer.ReceiveBufferSize = socketBufferBytes;
        }

        peer.Connect(listening.LocalEndPoint!);
        peer.NoDelay = true;
        peer.ReceiveTimeout = (int)LoopThread.Deadline.TotalMilliseconds;
        peer.SendTimeout = (int)LoopThread.Deadline.TotalMilliseconds;

        // Accepted by hand, so that no Socket object has a claim on the descriptor.
        var descriptor = RawAccept.Accept(listening);
        var connection = new Connection(loop, descriptor, (IPEndPoint)peer.LocalEndPoint!, null);
        var handler = new RecordingHandler();
        connection.Handler = handler;
        if (startsReading)
        {
            connection.StartReading();
        }

        return new SocketPair(peer, connection, handler);
    }

    /// <summary>Reads exactly that many bytes at the other end.</summary>
    public byte[] ReadAtPeer(int length)
    {
        var bytes = new byte[length];
        for (var filled = 0; filled < length;)
        {
            var count = Peer.Receive(bytes, filled, length - filled, SocketFlags.None);
            filled += count > 0 ? count : throw new EndOfStreamException($"the end came after {filled} of {length} bytes");
        }

        return bytes;
    }

    /// <summary>Reads to the end of the stream at the other end.</summary>
    public byte[] ReadToEndAtPeer()
    {
        var all = new MemoryStream();
        var piece = new byte[64 * 1024];
        while (Peer.Receive(piece) is > 0 and var count)
        {
            all.Write(piece, 0, count);
        }

        return all.ToArray();
    }

    public void Reset()
    {
        Peer.LingerState = new LingerOption(true, 0);
        Peer.Close();
    }

    public void Dispose() => Peer.Dispose();
}
