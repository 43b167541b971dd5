using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PoolProxy.Testing;

/// <summary>
/// A name server on 127.0.0.1, by UDP and TCP on one port, that answers what it is told to: addresses, aliases, serials of zones; for every other name that it
/// does not exist. It counts what it is asked.
/// </summary>
public sealed class ScriptedDns : IAsyncDisposable
{
    private const int NameError = 3;

    private readonly Socket _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly TcpListener _tcp;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly ConcurrentDictionary<string, (uint Ttl, IPAddress[] Addresses)> _addresses = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, string> _aliases = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, uint> _serials = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.OrdinalIgnoreCase);

    private ScriptedDns()
    {
        _tcp = new TcpListener(IPAddress.Loopback, 0);
        _tcp.Start();
        Port = ((IPEndPoint)_tcp.LocalEndpoint).Port;
        _udp.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        _running = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
    }

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>Answers of UDP say no more than that they are too long.</summary>
    public bool IsTruncating { get; set; }

    /// <summary>Nobody gets an answer.</summary>
    public bool IsSilent { get; set; }

    /// <summary>A resolv.conf that names it.</summary>
    public string ResolvConf => $"nameserver [127.0.0.1]:{Port}\noptions timeout:1 attempts:1\n";

    /// <summary>Starts one.</summary>
    public static ScriptedDns Start() => new();

    /// <summary>What a name has from now on.</summary>
    public void Set(string name, uint ttl, params string[] addresses) => _addresses[name] = (ttl, [.. addresses.Select(IPAddress.Parse)]);

    /// <summary>A name that stands for another.</summary>
    public void Alias(string name, string target) => _aliases[name] = target;

    /// <summary>The serial of a zone.</summary>
    public void SetSerial(string zone, uint serial) => _serials[zone] = serial;

    /// <summary>How often the name was asked for, of whatever kind.</summary>
    public int AskedFor(string name) => _asked.GetValueOrDefault(name);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _tcp.Stop();
        _udp.Dispose();
        _stop.Dispose();
    }

    private async Task ServeUdpAsync()
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                if (!IsSilent)
                {
                    await _udp.SendToAsync(Answer(buffer.AsSpan(0, received.ReceivedBytes), IsTruncating), received.RemoteEndPoint, _stop.Token);
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Stopped.
        }
    }

    private async Task ServeTcpAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                using TcpClient client = await _tcp.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            // Stopped.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        try
        {
            byte[] length = new byte[2];
            await stream.ReadExactlyAsync(length, _stop.Token);
            byte[] question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(question, _stop.Token);
            byte[] answer = Answer(question, isTruncated: false);
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
            await stream.WriteAsync((byte[])[.. length, .. answer], _stop.Token);
        }
        catch (IOException)
        {
            // Who has asked is gone.
        }
    }

    private byte[] Answer(ReadOnlySpan<byte> question, bool isTruncated)
    {
        int at = 12;
        var labels = new List<string>();
        while (question[at] != 0)
        {
            labels.Add(Encoding.ASCII.GetString(question.Slice(at + 1, question[at])));
            at += question[at] + 1;
        }

        string name = string.Join('.', labels);
        int type = BinaryPrimitives.ReadUInt16BigEndian(question[(at + 1)..]);
        _asked.AddOrUpdate(name, 1, (_, count) => count + 1);
        var records = new List<byte[]>();
        bool exists = Add(records, name, type);
        byte[] answer = [.. question[..(at + 5)]];
        answer[2] = (byte)(0x84 | (isTruncated ? 2 : 0));
        answer[3] = (byte)(exists ? 0 : NameError);
        answer[7] = (byte)(isTruncated ? 0 : records.Count);
        return isTruncated ? answer : [.. answer, .. records.SelectMany(record => record)];
    }

    private bool Add(List<byte[]> records, string name, int type)
    {
        if (_aliases.TryGetValue(name, out string? target))
        {
            records.Add(Record(name, 5, 30, Name(target)));
            return Add(records, target, type);
        }

        if (type == 6 && _serials.TryGetValue(name, out uint serial))
        {
            byte[] data = [.. Name("ns." + name), .. Name("admin." + name), .. new byte[20]];
            BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(data.Length - 20), serial);
            records.Add(Record(name, 6, 30, data));
            return true;
        }

        if (_addresses.TryGetValue(name, out (uint Ttl, IPAddress[] Addresses) known))
        {
            AddressFamily family = type == 28 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
            records.AddRange(known.Addresses.Where(address => address.AddressFamily == family && (type is 1 or 28)).Select(address => Record(name, type, known.Ttl, address.GetAddressBytes())));
            return true;
        }

        return _serials.Keys.Any(zone => zone.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    private static byte[] Record(string owner, int type, uint ttl, byte[] data)
    {
        byte[] name = Name(owner);
        byte[] record = [.. name, 0, (byte)type, 0, 1, 0, 0, 0, 0, (byte)(data.Length >> 8), (byte)data.Length, .. data];
        BinaryPrimitives.WriteUInt32BigEndian(record.AsSpan(name.Length + 4), ttl);
        return record;
    }

    private static byte[] Name(string name) => [.. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];
}
