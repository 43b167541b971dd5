using System.Buffers.Binary;
using System.Text;

namespace PoolProxy.Core.Naming;

/// <summary>
/// Questions and answers of DNS as bytes (RFC 1035 §4). Anybody may send an answer: what does not hold together, or does not answer the question, is none.
/// </summary>
internal static class DnsMessage
{
    private const int HeaderBytes = 12;
    private const int MaxNameBytes = 255;
    private const int MaxRecords = 256;
    private const ushort Internet = 1;

    /// <summary>Whether it is a name that DNS could have: labels of 1 to 63 letters of ASCII, 253 in all.</summary>
    public static bool CanAsk(string name) =>
        name.Length <= MaxNameBytes - 2 && Array.TrueForAll(name.Split('.'), static label => label.Length is > 0 and <= 63 && Ascii.IsValid(label));

    /// <summary>A question that asks the server to go on asking others.</summary>
    /// <exception cref="FormatException">The name cannot be asked for.</exception>
    public static byte[] Ask(ushort id, string name, DnsType type)
    {
        if (!CanAsk(name))
        {
            throw new FormatException($"\"{name}\" is no name for DNS");
        }

        var message = new List<byte> { (byte)(id >> 8), (byte)id, 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
        foreach (var label in name.Split('.'))
        {
            message.Add((byte)label.Length);
            message.AddRange(Encoding.ASCII.GetBytes(label));
        }

        return [.. message, 0, (byte)((ushort)type >> 8), (byte)type, 0, (byte)Internet];
    }

    /// <summary>The answer to that question; false for anything else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, ushort id, string name, DnsType type, out DnsAnswer answer)
    {
        answer = new DnsAnswer(0, false, []);
        if (message.Length < HeaderBytes || BinaryPrimitives.ReadUInt16BigEndian(message) != id || (message[2] & 0x80) == 0
            || BinaryPrimitives.ReadUInt16BigEndian(message[4..]) != 1)
        {
            return false;
        }

        var at = HeaderBytes;
        if (!TryReadName(message, ref at, out var asked) || !asked.Equals(name, StringComparison.OrdinalIgnoreCase) || message.Length - at < 4
            || BinaryPrimitives.ReadUInt16BigEndian(message[at..]) != (ushort)type || BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]) != Internet)
        {
            return false;
        }

        at += 4;
        var records = new List<DnsRecord>();
        var count = Math.Min((int)BinaryPrimitives.ReadUInt16BigEndian(message[6..]), MaxRecords);
        var isTruncated = (message[2] & 0x02) != 0;
        for (var i = 0; i < count; i++)
        {
            if (!TryReadRecord(message, ref at, records))
            {
                // What was cut off is asked for again by TCP.
                return isTruncated && Give(message, isTruncated, [], out answer);
            }
        }

        return Give(message, isTruncated, records, out answer);
    }

    private static bool Give(ReadOnlySpan<byte> message, bool isTruncated, List<DnsRecord> records, out DnsAnswer answer)
    {
        answer = new DnsAnswer(message[3] & 0x0f, isTruncated, records);
        return true;
    }

    private static bool TryReadRecord(ReadOnlySpan<byte> message, ref int at, List<DnsRecord> records)
    {
        if (!TryReadName(message, ref at, out var owner) || message.Length - at < 10)
        {
            return false;
        }

        var type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
        var isInternet = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]) == Internet;
        var seconds = BinaryPrimitives.ReadInt32BigEndian(message[(at + 4)..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
        var start = at + 10;
        at = start + length;
        if (at > message.Length)
        {
            return false;
        }

        if (!isInternet)
        {
            return true;
        }

        // RFC 2181 §8: a TTL with the highest bit set is zero.
        var ttl = TimeSpan.FromSeconds(Math.Max(0, seconds));
        var data = message[start..at];
        switch (type)
        {
            case DnsType.A when length == 4:
            case DnsType.Aaaa when length == 16:
                records.Add(new DnsRecord(owner, type, ttl, data.ToArray(), "", 0));
                return true;
            case DnsType.Cname:
                var targetAt = start;
                if (!TryReadName(message, ref targetAt, out var target))
                {
                    return false;
                }

                records.Add(new DnsRecord(owner, type, ttl, [], target, 0));
                return true;
            case DnsType.Soa:
                // Two names, then serial, refresh, retry, expire, minimum.
                var serialAt = start;
                if (!TryReadName(message, ref serialAt, out _) || !TryReadName(message, ref serialAt, out _) || at - serialAt < 4)
                {
                    return false;
                }

                records.Add(new DnsRecord(owner, type, ttl, [], "", BinaryPrimitives.ReadUInt32BigEndian(message[serialAt..])));
                return true;
            default:
                return true;
        }
    }

    // A name, which may go on elsewhere (RFC 1035 §4.1.4). Each jump has to go backwards, so that there is an end.
    private static bool TryReadName(ReadOnlySpan<byte> message, ref int at, out string name)
    {
        name = "";
        var text = new StringBuilder();
        var (position, limit, hasJumped) = (at, at, false);
        while (position < message.Length)
        {
            int length = message[position];
            if (length == 0)
            {
                at = hasJumped ? at : position + 1;
                name = text.ToString();
                return true;
            }

            if ((length & 0xc0) == 0xc0)
            {
                if (position + 1 >= message.Length)
                {
                    return false;
                }

                var target = ((length & 0x3f) << 8) | message[position + 1];
                if (target >= limit)
                {
                    return false;
                }

                at = hasJumped ? at : position + 2;
                (hasJumped, limit, position) = (true, target, target);
                continue;
            }

            if (length > 63 || position + 1 + length > message.Length || text.Length + length + 1 > MaxNameBytes)
            {
                return false;
            }

            text.Append(text.Length > 0 ? "." : "").Append(Encoding.Latin1.GetString(message.Slice(position + 1, length)).ToLowerInvariant());
            position += 1 + length;
        }

        return false;
    }
}
