using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace PoolProxy.Identity.Rules;

/// <summary>The addresses that agree with one in their first bits (RFC 4632 §3.1). An IPv4 address that came as an IPv6 one (<c>::ffff:10.0.0.1</c>) is the IPv4 one, on both sides.</summary>
public sealed class AddressRange
{
    private readonly byte[] _network;
    private readonly int _bits;

    private AddressRange(byte[] network, int bits)
    {
        _network = network;
        _bits = bits;
    }

    /// <summary>Reads <c>10.0.0.0/8</c>, <c>2001:db8::/32</c>, or one address. Bits beyond the prefix do not count.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AddressRange? range)
    {
        range = null;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out IPAddress? address) || address.ToString().Contains('%', StringComparison.Ordinal))
        {
            return false;
        }

        byte[] bytes = address.GetAddressBytes();
        int bits = 8 * bytes.Length;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out bits) || bits > 8 * bytes.Length))
        {
            return false;
        }

        if (address.IsIPv4MappedToIPv6 && bits >= 96)
        {
            (bytes, bits) = (address.MapToIPv4().GetAddressBytes(), bits - 96);
        }

        range = new AddressRange(bytes, bits);
        return true;
    }

    /// <summary>Whether <paramref name="address"/> is in it. Allocates nothing.</summary>
    public bool Holds(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        Span<byte> theirs = address.IsIPv4MappedToIPv6 ? bytes[12..] : bytes[..length];
        if (theirs.Length != _network.Length)
        {
            return false;
        }

        int whole = _bits / 8, rest = _bits % 8;
        return theirs[..whole].SequenceEqual(_network.AsSpan(0, whole)) && (rest == 0 || (theirs[whole] ^ _network[whole]) >> (8 - rest) == 0);
    }
}
