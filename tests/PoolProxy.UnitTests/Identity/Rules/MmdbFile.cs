using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace PoolProxy.UnitTests.Identity.Rules;

/// <summary>Writes MaxMind DB files as the format's description has them: a tree over networks, their entries, the metadata.</summary>
internal sealed class MmdbFile
{
    private readonly List<object?[]> _nodes = [new object?[2]];
    private readonly MemoryStream _data = new();

    public int RecordSize { get; init; } = 28;

    public int IpVersion { get; init; } = 6;

    /// <summary>A map of texts, and of maps of texts.</summary>
    public static byte[] Map(params (string Key, object Value)[] entries)
    {
        var bytes = new List<byte> { (byte)(0xE0 | entries.Length) };
        foreach ((string key, object value) in entries)
        {
            bytes.AddRange(Text(key));
            bytes.AddRange(value is string text ? Text(text) : (byte[])value);
        }

        return [.. bytes];
    }

    public static byte[] Text(string text) => text.Length < 29
        ? [(byte)(0x40 | text.Length), .. Encoding.ASCII.GetBytes(text)]
        : [0x5D, (byte)(text.Length - 29), .. Encoding.ASCII.GetBytes(text)];

    /// <summary>An entry of GeoLite2's form, with other things before the country.</summary>
    public static byte[] Country(string code) => Map(
        ("continent", Map(("code", "EU"), ("geoname_id", (byte[])[0xC3, 0x5F, 0x1B, 0x34]), ("names", (byte[])[0x01, 0x04, 0x42, (byte)'d', (byte)'e']))),
        ("country", Map(("is_in_european_union", (byte[])[0x01, 0x07]), ("iso_code", code))));

    /// <summary>Adds data; answers where it begins.</summary>
    public int AddData(byte[] bytes)
    {
        int at = (int)_data.Length;
        _data.Write(bytes);
        return at;
    }

    public MmdbFile Add(string network, string code) => Add(network, AddData(Country(code)));

    public MmdbFile Add(string network, int dataOffset)
    {
        string[] parts = network.Split('/');
        byte[] address = IPAddress.Parse(parts[0]).GetAddressBytes();
        int prefix = int.Parse(parts[1]);
        if (IpVersion == 6 && address.Length == 4)
        {
            address = [.. new byte[12], .. address];
            prefix += 96;
        }

        object?[] node = _nodes[0];
        for (int i = 0; i < prefix; i++)
        {
            int bit = address[i / 8] >> (7 - (i % 8)) & 1;
            if (i == prefix - 1)
            {
                node[bit] = (long)dataOffset;
            }
            else
            {
                if (node[bit] is not object?[] next)
                {
                    node[bit] = next = new object?[2];
                    _nodes.Add(next);
                }

                node = next;
            }
        }

        return this;
    }

    public byte[] Build()
    {
        var file = new MemoryStream();
        foreach (object?[] node in _nodes)
        {
            file.Write(Pair(Record(node[0]), Record(node[1])));
        }

        file.Write(new byte[16]);
        file.Write(_data.ToArray());
        file.Write([0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8]);
        file.Write(Map(
            ("build_epoch", (byte[])[0x04, 0x02, 1, 2, 3, 4]),
            ("binary_format_major_version", (byte[])[0xA1, 2]),
            ("binary_format_minor_version", (byte[])[0xA0]),
            ("database_type", "Test-Country"),
            ("languages", (byte[])[0x01, 0x04, 0x42, (byte)'e', (byte)'n']),
            ("node_count", (byte[])[0xC4, .. Big((uint)_nodes.Count)]),
            ("record_size", (byte[])[0xA1, (byte)RecordSize]),
            ("ip_version", (byte[])[0xA1, (byte)IpVersion])));
        return file.ToArray();
    }

    private uint Record(object? value) => value switch
    {
        object?[] node => (uint)_nodes.IndexOf(node),
        long offset => (uint)(_nodes.Count + 16 + offset),
        _ => (uint)_nodes.Count,
    };

    private byte[] Pair(uint left, uint right) => RecordSize switch
    {
        24 => [.. Big(left)[1..], .. Big(right)[1..]],
        28 => [.. Big(left)[1..], (byte)((left >> 24 << 4) | (right >> 24)), .. Big(right)[1..]],
        _ => [.. Big(left), .. Big(right)],
    };

    private static byte[] Big(uint number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }
}
