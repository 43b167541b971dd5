using System.Net;

namespace PoolProxy.Core.Transport;

/// <summary>
/// Where to connect to or listen on: an IP address with a port, or the path of a Unix socket. A path that begins with <c>@</c> is a name in
/// Linux's abstract namespace, without a file.
/// </summary>
internal sealed record SocketEndpoint
{
    /// <summary>The longest path of a Unix socket, in bytes (<c>sun_path</c> less its terminator).</summary>
    public const int MaxPathBytes = 107;

    private SocketEndpoint(IPEndPoint? address, string? path)
    {
        Address = address;
        Path = path;
    }

    /// <summary>Null for a Unix socket.</summary>
    public IPEndPoint? Address { get; }

    /// <summary>Null for TCP.</summary>
    public string? Path { get; }

    public bool IsUnix => Path is not null;

    /// <summary>A Unix socket with a name instead of a file.</summary>
    public bool IsAbstract => Path is ['@', ..];

    public static SocketEndpoint Tcp(IPAddress address, int port) => new(new IPEndPoint(address, port), null);

    public static SocketEndpoint Unix(string path)
    {
        var length = System.Text.Encoding.UTF8.GetByteCount(path);
        if (length is 0 or > MaxPathBytes)
        {
            throw new ArgumentException($"the path of a Unix socket has 1 to {MaxPathBytes} bytes", nameof(path));
        }

        return new SocketEndpoint(null, path);
    }

    public override string ToString() => Path ?? Address!.ToString();
}
