using System.Net;
using PoolProxy.Configuration.Ldap;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Hba;

/// <summary>A line of <c>auth_hba_file</c>: who, from where, has to prove it how.</summary>
/// <param name="File">The file that it stands in.</param>
/// <param name="Position">Where it stands there.</param>
/// <param name="Connection">Which connections it is for.</param>
/// <param name="Databases">Its databases.</param>
/// <param name="Users">Its users, as the startup packet names them.</param>
/// <param name="Address">Its addresses.</param>
/// <param name="Method">How to prove it; null for <c>reject</c>. Never <see cref="AuthType.Hba"/>.</param>
public sealed record HbaLine(string File, SourcePosition Position, HbaConnection Connection, HbaNames Databases, HbaNames Users, HbaAddress Address, AuthType? Method)
{
    /// <summary><c>map=</c> of cert and peer: which system names are which users; null: they have to be equal.</summary>
    public IdentMap? Map { get; init; }

    /// <summary>The options of ldap; null: those of <c>auth_ldap_options</c>.</summary>
    public LdapSettings? Ldap { get; init; }

    /// <summary><c>pamservice=</c> of pam; null: the usual one.</summary>
    public string? PamService { get; init; }

    /// <summary>Its method has options of its own.</summary>
    public bool HasOptions => Map is not null || Ldap is not null || PamService is not null;

    /// <summary>Whether it is for a connection from <paramref name="address"/>, null for the Unix socket, to a machine with these addresses.</summary>
    public bool Covers(IPAddress? address, bool isTls, IReadOnlyList<HbaNetwork> machine) => Connection switch
    {
        HbaConnection.Local => address is null,
        HbaConnection.HostSsl when !isTls => false,
        HbaConnection.HostNoSsl when isTls => false,
        HbaConnection.HostGssEnc => false,
        _ => address is not null && Address.Holds(address, machine),
    };
}
