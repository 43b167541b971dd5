using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace PoolProxy.Core.Naming;

/// <summary>
/// Asks the name servers of a <see cref="ResolvConf"/>, each in turn, by UDP and, where the answer does not fit, by TCP (RFC 7766). Each question has a
/// number that cannot be guessed and a socket of its own, connected to the server. Runs on workers, never on a loop.
/// </summary>
internal sealed class DnsClient(ResolvConf conf)
{
    /// <summary>As long as a datagram may be; servers without EDNS keep to 512 bytes.</summary>
    private const int MaxDatagramBytes = 4096;

    /// <summary>Datagrams that do not answer the question are passed over, so many of them.</summary>
    private const int MaxStrayDatagrams = 16;

    public ResolvConf Conf { get; } = conf;

    /// <summary>The first answer that tells whether the name exists; null where no server gave one.</summary>
    public async Task<DnsAnswer?> AskAsync(string name, DnsType type)
    {
        for (var attempt = 0; attempt < Conf.Attempts; attempt++)
        {
            foreach (var server in Conf.Servers)
            {
                if (await AskAsync(server, name, type) is { Code: DnsAnswer.NoError or DnsAnswer.NameError } answer)
                {
                    return answer;
                }
            }
        }

        return null;
    }

    private async Task<DnsAnswer?> AskAsync(IPEndPoint server, string name, DnsType type)
    {
        var id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
        var question = DnsMessage.Ask(id, name, type);
        using var deadline = new CancellationTokenSource(Conf.Patience);
        try
        {
            var answer = await AskByUdpAsync(server, question, id, name, type, deadline.Token);
            return answer is { IsTruncated: true } ? await AskByTcpAsync(server, question, id, name, type, deadline.Token) : answer;
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException or IOException)
        {
            return null;
        }
    }

    private static async Task<DnsAnswer?> AskByUdpAsync(IPEndPoint server, byte[] question, ushort id, string name, DnsType type, CancellationToken deadline)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, deadline);
        await socket.SendAsync(question, deadline);
        var buffer = new byte[MaxDatagramBytes];
        for (var i = 0; i < MaxStrayDatagrams; i++)
        {
            var length = await socket.ReceiveAsync(buffer, deadline);
            if (DnsMessage.TryRead(buffer.AsSpan(0, length), id, name, type, out var answer))
            {
                return answer;
            }
        }

        return null;
    }

    private static async Task<DnsAnswer?> AskByTcpAsync(IPEndPoint server, byte[] question, ushort id, string name, DnsType type, CancellationToken deadline)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, deadline);
        await using var stream = new NetworkStream(socket);
        byte[] framed = [(byte)(question.Length >> 8), (byte)question.Length, .. question];
        await stream.WriteAsync(framed, deadline);
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, deadline);
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(message, deadline);
        return DnsMessage.TryRead(message, id, name, type, out var answer) ? answer : null;
    }
}
