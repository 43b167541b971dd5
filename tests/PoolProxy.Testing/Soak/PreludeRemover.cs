using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Testing.Soak;

/// <summary>
/// Stands between a proxy and PostgreSQL and makes preludes do nothing, from the second of each session on: what a build would be that leaves them out.
/// DISCARD ALL is carried out as DEALLOCATE ALL and confirmed as what it was, each SET is one of exit_on_error, and the signed identity goes to another setting.
/// </summary>
internal sealed class PreludeRemover : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    private PreludeRemover(int serverPort)
    {
        _listener.Start();
        _accepting = AcceptAsync(serverPort);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static PreludeRemover Start(int serverPort) => new(serverPort);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(int serverPort)
    {
        var sessions = new List<Task>();
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                Socket client = await _listener.AcceptSocketAsync(_stop.Token);
                sessions.Add(ServeAsync(client, serverPort));
            }
        }
        // Stopped.
        catch (OperationCanceledException)
        {
        }
        await Task.WhenAll(sessions);
    }

    private async Task ServeAsync(Socket client, int serverPort)
    {
        using var server = new TcpClient();
        using var front = new NetworkStream(client, ownsSocket: true);
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, serverPort, _stop.Token);
            NetworkStream back = server.GetStream();
            await PassStartupAsync(front, back);
            int preludes = 0;
            Task up = PassAsync(front, back, message => Rewrite(message, ref preludes));
            Task down = PassAsync(back, front, RestoreTag);
            await Task.WhenAny(up, down);
            client.Close();
            server.Close();
            await Task.WhenAll(up, down);
        }
        // One side has ended; so does the other.
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private async Task PassStartupAsync(NetworkStream front, NetworkStream back)
    {
        byte[] length = new byte[sizeof(int)];
        await front.ReadExactlyAsync(length, _stop.Token);
        byte[] packet = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        length.CopyTo(packet, 0);
        await front.ReadExactlyAsync(packet.AsMemory(sizeof(int)), _stop.Token);
        await back.WriteAsync(packet, _stop.Token);
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to, Func<byte[], byte[]> change)
    {
        byte[] header = new byte[Frame.HeaderLength];
        try
        {
            while (true)
            {
                await from.ReadExactlyAsync(header, _stop.Token);
                byte[] message = new byte[1 + BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1))];
                header.CopyTo(message, 0);
                await from.ReadExactlyAsync(message.AsMemory(Frame.HeaderLength), _stop.Token);
                await to.WriteAsync(change(message), _stop.Token);
            }
        }
        // The end of a session.
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private static byte[] Rewrite(byte[] message, ref int preludes)
    {
        string text = Encoding.UTF8.GetString(message, Frame.HeaderLength, message.Length - Frame.HeaderLength).TrimEnd('\0');
        using var writer = new MessageWriter();
        if (message[0] == FrontendType.Query && text.StartsWith("SET exit_on_error = on; SET ROLE ", StringComparison.Ordinal) && preludes++ > 0)
        {
            Query.Write(writer, Encoding.UTF8.GetBytes(string.Join("; ", Enumerable.Repeat("SET exit_on_error = off", CountStatements(text)))));
            return writer.WrittenSpan.ToArray();
        }
        if (message[0] == FrontendType.Parse && text.StartsWith("\0DISCARD ALL", StringComparison.Ordinal))
        {
            Parse.Write(writer, ""u8, "DEALLOCATE ALL"u8);
            return writer.WrittenSpan.ToArray();
        }
        if (message[0] == FrontendType.Parse && preludes > 0 && text.Contains("'poolproxy.identity', $1", StringComparison.Ordinal))
        {
            Parse.Write(writer, ""u8, "select where pg_catalog.set_config('poolproxy.nowhere', $1, false) is null"u8);
            return writer.WrittenSpan.ToArray();
        }
        return message;
    }

    /// <summary>Semicolons outside of quotes, and one.</summary>
    private static int CountStatements(string sql)
    {
        int count = 1;
        bool isQuoted = false;
        foreach (char letter in sql)
        {
            isQuoted ^= letter == '\'';
            count += letter == ';' && !isQuoted ? 1 : 0;
        }
        return count;
    }

    private static byte[] RestoreTag(byte[] message)
    {
        if (message[0] != BackendType.CommandComplete || !message.AsSpan(Frame.HeaderLength).StartsWith("DEALLOCATE ALL"u8))
        {
            return message;
        }
        using var writer = new MessageWriter();
        writer.Begin(BackendType.CommandComplete);
        writer.WriteCString("DISCARD ALL"u8);
        writer.End();
        return writer.WrittenSpan.ToArray();
    }
}
