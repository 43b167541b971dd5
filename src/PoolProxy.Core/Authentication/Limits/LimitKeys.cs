using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace PoolProxy.Core.Authentication.Limits;

/// <summary>What logins are counted by, in 16 bytes.</summary>
internal static class LimitKeys
{
    private const int AddressBytes = 16;
    private const int NetworkBytes = 8;
    private const int StackBytes = 512;

    /// <summary>An IPv4 address, in whatever form it came; of an IPv6 address the first 64 bits, of which one customer has all the rest.</summary>
    public static UInt128 Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[AddressBytes];
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            // ::ffff:a.b.c.d, as an IPv6 socket hears it.
            bytes.Clear();
            bytes[10..12].Fill(0xFF);
            address.TryWriteBytes(bytes[12..], out _);
        }
        else
        {
            address.TryWriteBytes(bytes, out _);
            if (!address.IsIPv4MappedToIPv6)
            {
                bytes[NetworkBytes..].Clear();
            }
        }

        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>The address as SHOW BANS has it: <c>192.0.2.1</c>, <c>2001:db8:1:2::/64</c>.</summary>
    public static string NameOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6 || address.AddressFamily == AddressFamily.InterNetwork)
        {
            return address.MapToIPv4().ToString();
        }

        Span<byte> bytes = stackalloc byte[AddressBytes];
        address.TryWriteBytes(bytes, out _);
        bytes[NetworkBytes..].Clear();
        return $"{new IPAddress(bytes)}/{8 * NetworkBytes}";
    }

    /// <summary>An issuer's subject, or, with an empty issuer, a user's name; an issuer where the subject is null. By SHA-256: the names are others' choice.</summary>
    public static UInt128 Of(string issuer, string? subject)
    {
        var length = Encoding.UTF8.GetMaxByteCount(issuer.Length + 1 + (subject?.Length ?? 0));
        var text = length <= StackBytes ? stackalloc byte[StackBytes] : new byte[length];
        var end = Encoding.UTF8.GetBytes(issuer, text);
        if (subject is not null)
        {
            // An issuer's configured name has no control characters: no other pair reads the same.
            text[end++] = 0;
            end += Encoding.UTF8.GetBytes(subject, text[end..]);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..end], hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>The identity as SHOW BANS has it: <c>issuer/subject</c>, or a user's name.</summary>
    public static string NameOf(string issuer, string subject) => issuer.Length == 0 ? subject : $"{issuer}/{subject}";
}
