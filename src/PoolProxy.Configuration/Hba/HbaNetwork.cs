using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace PoolProxy.Configuration.Hba;

/// <summary>The addresses of a line: those that agree with <paramref name="Address"/> in the first <paramref name="PrefixBits"/> bits.</summary>
/// <param name="Address">An address of the network; bits beyond the prefix do not count.</param>
/// <param name="PrefixBits">0 to 32, or to 128.</param>
public sealed record HbaNetwork(IPAddress Address, int PrefixBits)
{
    /// <summary>Whether <paramref name="address"/> is in it; an IPv4 address that came as an IPv6 one is the IPv4 one.</summary>
    public bool Holds(IPAddress address)
    {
        var other = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        ReadOnlySpan<byte> ours = Address.GetAddressBytes(), theirs = other.GetAddressBytes();
        if (ours.Length != theirs.Length) return false;
        var whole = PrefixBits / 8;
        if (!ours[..whole].SequenceEqual(theirs[..whole])) return false;
        var rest = PrefixBits % 8;
        return rest == 0 || (ours[whole] ^ theirs[whole]) >> (8 - rest) == 0;
    }

    /// <summary>Whether <paramref name="address"/> is <see cref="Address"/> itself.</summary>
    public bool IsAddress(IPAddress address) => Address.Equals(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    /// <summary>Reads <c>address/prefix</c>, or an address whose mask stands in <paramref name="mask"/>.</summary>
    public static bool TryRead(string text, string? mask, [NotNullWhen(true)] out HbaNetwork? network)
    {
        network = null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address) || (slash < 0) == (mask is null)) return false;
        var bits = 8 * address.GetAddressBytes().Length;
        if (mask is not null)
        {
            if (!IPAddress.TryParse(mask, out var parsed) || 8 * parsed.GetAddressBytes().Length != bits || PrefixOf(parsed) is not { } fromMask) return false;
            network = new HbaNetwork(address, fromMask);
            return true;
        }

        if (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) || prefix > bits) return false;
        network = new HbaNetwork(address, prefix);
        return true;
    }

    /// <summary>Reads <c>address/prefix</c>, or an address, which is a network of its own.</summary>
    public static bool TryReadAny(string text, [NotNullWhen(true)] out HbaNetwork? network)
    {
        if (text.Contains('/', StringComparison.Ordinal)) return TryRead(text, null, out network);
        network = IPAddress.TryParse(text, out var address) ? new HbaNetwork(address, 8 * address.GetAddressBytes().Length) : null;
        return network is not null;
    }

    // A mask is ones and then zeros, or it is none.
    private static int? PrefixOf(IPAddress mask)
    {
        var prefix = 0;
        var isOver = false;
        foreach (var part in mask.GetAddressBytes())
            for (var bit = 7; bit >= 0; bit--)
            {
                var isSet = (part >> bit & 1) != 0;
                if (isSet && isOver) return null;
                isOver |= !isSet;
                prefix += isSet ? 1 : 0;
            }
        return prefix;
    }
}
