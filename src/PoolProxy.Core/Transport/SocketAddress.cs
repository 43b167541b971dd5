using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Transport;

/// <summary><c>struct sockaddr_in</c>, <c>sockaddr_in6</c> and <c>sockaddr_un</c> as bytes.</summary>
internal static class SocketAddress
{
    /// <summary>Room for any of them.</summary>
    public const int LargestBytes = 128;

    private const int InetBytes = 16;
    private const int Inet6Bytes = 28;
    private const int UnixPathOffset = 2;

    /// <summary>The address family of an endpoint.</summary>
    public static int FamilyOf(SocketEndpoint endpoint) =>
        endpoint.Address is not { } address ? Libc.AF_UNIX
        : address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? Libc.AF_INET6
        : Libc.AF_INET;

    /// <summary>Fills <paramref name="destination"/> (of <see cref="LargestBytes"/>) and returns the length used.</summary>
    public static int Write(SocketEndpoint endpoint, Span<byte> destination)
    {
        destination.Clear();
        var family = FamilyOf(endpoint);
        MemoryMarshal.Write(destination, (ushort)family);
        if (endpoint.Address is not { } address)
        {
            // unix(7): a file's path ends with a zero byte; an abstract name begins with one and is as long as the address says.
            var length = Encoding.UTF8.GetBytes(endpoint.Path!, destination[UnixPathOffset..]);
            if (endpoint.IsAbstract)
            {
                destination[UnixPathOffset] = 0;
                return UnixPathOffset + length;
            }

            return UnixPathOffset + length + 1;
        }

        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)address.Port);
        if (family == Libc.AF_INET)
        {
            _ = address.Address.TryWriteBytes(destination[4..], out _);
            return InetBytes;
        }

        _ = address.Address.TryWriteBytes(destination[8..], out _);
        MemoryMarshal.Write(destination[24..], (uint)address.Address.ScopeId);
        return Inet6Bytes;
    }

    /// <summary>What a listening socket is bound to, by the address that the kernel has filled in; null for an unnamed Unix socket and other families.</summary>
    public static SocketEndpoint? ReadEndpoint(ReadOnlySpan<byte> source)
    {
        if (source.Length > UnixPathOffset && MemoryMarshal.Read<ushort>(source) == Libc.AF_UNIX)
        {
            var name = source[UnixPathOffset..];
            var path = name[0] == 0 ? "@" + Encoding.UTF8.GetString(name[1..]) : Encoding.UTF8.GetString(name[..(name.IndexOf((byte)0) is var end and >= 0 ? end : name.Length)]);
            return SocketEndpoint.Unix(path);
        }

        return Read(source) is { } address ? SocketEndpoint.Tcp(address.Address, address.Port) : null;
    }

    /// <summary>The IP endpoint in an address the kernel has filled in, or null if it is of another family.</summary>
    public static IPEndPoint? Read(ReadOnlySpan<byte> source)
    {
        if (source.Length < InetBytes)
        {
            return null;
        }

        var port = BinaryPrimitives.ReadUInt16BigEndian(source[2..]);
        return MemoryMarshal.Read<ushort>(source) switch
        {
            Libc.AF_INET => new IPEndPoint(new IPAddress(source.Slice(4, 4)), port),
            Libc.AF_INET6 when source.Length >= Inet6Bytes =>
                new IPEndPoint(new IPAddress(source.Slice(8, 16), MemoryMarshal.Read<uint>(source[24..])), port),
            _ => null,
        };
    }
}
