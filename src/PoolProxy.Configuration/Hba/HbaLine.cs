using System.Net;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Hba;

/// <summary>A line of <c>auth_hba_file</c>: who, from where, has to prove it how.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Connection">Which connections it is for.</param>
/// <param name="Databases">Its databases.</param>
/// <param name="Users">Its users, as the startup packet names them.</param>
/// <param name="Network">Its addresses; null for all, and for the Unix socket.</param>
/// <param name="Method">How to prove it; null for <c>reject</c>. Never <see cref="AuthType.Hba"/>.</param>
public sealed record HbaLine(SourcePosition Position, HbaConnection Connection, HbaNames Databases, HbaNames Users, HbaNetwork? Network, AuthType? Method)
{
    /// <summary>Whether it is for a connection from <paramref name="address"/>, null for the Unix socket.</summary>
    public bool Covers(IPAddress? address, bool isTls) => Connection switch
    {
        HbaConnection.Local => address is null,
        HbaConnection.HostSsl when !isTls => false,
        HbaConnection.HostNoSsl when isTls => false,
        _ => address is not null && (Network is null || Network.Holds(address)),
    };
}
