using System.Globalization;

namespace PoolProxy.Configuration.Model;

/// <summary>One of the hosts of a database.</summary>
/// <param name="Host">A name, an address, or a socket folder that begins with <c>/</c>.</param>
/// <param name="Port">The TCP port; names the socket file too.</param>
public readonly record struct ServerAddress(string Host, int Port)
{
    /// <summary>Whether it is reached by a Unix socket.</summary>
    public bool IsUnixSocket => Host.StartsWith('/');

    /// <summary><c>host:port</c>, an IPv6 address in brackets.</summary>
    public override string ToString() => (Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:" : $"{Host}:") + Port.ToString(CultureInfo.InvariantCulture);
}
