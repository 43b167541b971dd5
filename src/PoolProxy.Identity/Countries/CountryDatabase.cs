using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace PoolProxy.Identity.Countries;

/// <summary>
/// A MaxMind DB file (format 2.x), asked for an address's country: <c>country.iso_code</c> as in GeoLite2, or a text <c>country</c> or <c>country_code</c>. The file is
/// not trusted: its tree is walked within its bounds, and an entry that is malformed is no country. Immutable; any thread may ask, and asking allocates nothing.
/// </summary>
public sealed class CountryDatabase
{
    /// <summary>The largest file taken; those of countries have some 10 MB.</summary>
    public const int MaxBytes = 256 * 1024 * 1024;

    /// <summary>The metadata stand within so many of the last bytes.</summary>
    private const int MaxMetadataBytes = 128 * 1024;

    private const int SeparatorBytes = 16;

    private static readonly byte[] Marker = [0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8];

    private readonly ReadOnlyMemory<byte> _tree;
    private readonly ReadOnlyMemory<byte> _data;
    private readonly uint _nodeCount;
    private readonly int _recordBits;
    private readonly bool _hasIPv6;

    private CountryDatabase(ReadOnlyMemory<byte> tree, ReadOnlyMemory<byte> data, uint nodeCount, int recordBits, bool hasIPv6)
    {
        _tree = tree;
        _data = data;
        _nodeCount = nodeCount;
        _recordBits = recordBits;
        _hasIPv6 = hasIPv6;
    }

    /// <summary>Reads a file's bytes, which are kept; on false the fault says why not.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> file, [NotNullWhen(true)] out CountryDatabase? database, [NotNullWhen(false)] out string? fault)
    {
        database = null;
        int end = file.Length > MaxMetadataBytes ? file.Length - MaxMetadataBytes : 0;
        int marker = file.Span[end..].LastIndexOf(Marker);
        if (marker < 0)
        {
            fault = "it is no MaxMind DB";
            return false;
        }

        marker += end;
        var metadata = new MmdbValue(file.Span[(marker + Marker.Length)..], 0);
        if (!TryNumber(metadata, "binary_format_major_version"u8, out uint major) || major != 2
            || !TryNumber(metadata, "node_count"u8, out uint nodes) || nodes == 0
            || !TryNumber(metadata, "record_size"u8, out uint bits) || bits is not (24 or 28 or 32)
            || !TryNumber(metadata, "ip_version"u8, out uint version) || version is not (4 or 6))
        {
            fault = "its metadata are not of a MaxMind DB of format 2";
            return false;
        }

        long treeBytes = (long)nodes * bits / 4;
        if (treeBytes + SeparatorBytes > marker)
        {
            fault = "it is cut off";
            return false;
        }

        fault = null;
        database = new CountryDatabase(
            file[..(int)treeBytes], file[(int)(treeBytes + SeparatorBytes)..marker], nodes, (int)bits, hasIPv6: version == 6);
        return true;
    }

    /// <summary>The country of an address; none where the file does not know.</summary>
    public CountryCode Find(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        ReadOnlySpan<byte> bits = address.IsIPv4MappedToIPv6 ? bytes[12..] : bytes[..length];
        if (bits.Length == 16 && !_hasIPv6)
        {
            return default;
        }

        uint node = 0;

        // IPv4 is ::/96 there.
        for (int i = 0; i < 96 && _hasIPv6 && bits.Length == 4 && node < _nodeCount; i++)
        {
            node = Record(node, isRight: false);
        }

        for (int i = 0; i < 8 * bits.Length && node < _nodeCount; i++)
        {
            node = Record(node, isRight: (bits[i / 8] >> (7 - (i % 8)) & 1) != 0);
        }

        long offset = (long)node - _nodeCount - SeparatorBytes;
        return offset >= 0 && offset < _data.Length ? CountryOf(new MmdbValue(_data.Span, (int)offset)) : default;
    }

    private static CountryCode CountryOf(MmdbValue entry)
    {
        ReadOnlySpan<byte> text;
        if (entry.TryGet("country"u8, out MmdbValue country))
        {
            return (country.TryGet("iso_code"u8, out MmdbValue code) ? code : country).TryText(out text) ? CountryCode.Of(text) : default;
        }

        return entry.TryGet("country_code"u8, out MmdbValue only) && only.TryText(out text) ? CountryCode.Of(text) : default;
    }

    private static bool TryNumber(MmdbValue metadata, ReadOnlySpan<byte> key, out uint number)
    {
        number = 0;
        return metadata.TryGet(key, out MmdbValue value) && value.TryNumber(out number);
    }

    // The node is one of the tree's, and the tree is whole: nothing here can lie outside.
    private uint Record(uint node, bool isRight)
    {
        int size = _recordBits / 4;
        ReadOnlySpan<byte> pair = _tree.Span.Slice((int)(node * (long)size), size);
        return (_recordBits, isRight) switch
        {
            (24, false) => Number(pair[..3]),
            (24, true) => Number(pair[3..]),
            (28, false) => ((uint)(pair[3] & 0xF0) << 20) | Number(pair[..3]),
            (28, true) => ((uint)(pair[3] & 0x0F) << 24) | Number(pair[4..]),
            (_, false) => Number(pair[..4]),
            (_, true) => Number(pair[4..]),
        };
    }

    private static uint Number(ReadOnlySpan<byte> bytes)
    {
        uint number = 0;
        foreach (byte part in bytes)
        {
            number = (number << 8) | part;
        }

        return number;
    }
}
