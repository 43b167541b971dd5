using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Ldap;

/// <summary>
/// How a directory is asked whether a password is somebody's: the options of PostgreSQL's ldap method (auth-ldap.html). With <see cref="Prefix"/> or <see cref="Suffix"/> the
/// name between them is bound with the password; else the user's entry is searched for below <see cref="BaseDn"/>, and bound.
/// </summary>
public sealed record LdapSettings
{
    /// <summary>The port of ldap.</summary>
    public const int PlainPort = 389;

    /// <summary>The port of ldaps.</summary>
    public const int TlsPort = 636;

    /// <summary><c>ldapserver</c>: hosts, tried in turn; none: what DNS names for the domain of <see cref="BaseDn"/>.</summary>
    public IReadOnlyList<string> Servers { get; init; } = [];

    /// <summary><c>ldapport</c>.</summary>
    public int Port { get; init; } = PlainPort;

    /// <summary><c>ldapscheme = ldaps</c>: TLS from the first byte.</summary>
    public bool IsTls { get; init; }

    /// <summary><c>ldaptls = 1</c>: TLS by StartTLS (RFC 4511 §4.14).</summary>
    public bool StartsTls { get; init; }

    /// <summary><c>ldapprefix</c>.</summary>
    public string Prefix { get; init; } = "";

    /// <summary><c>ldapsuffix</c>.</summary>
    public string Suffix { get; init; } = "";

    /// <summary><c>ldapbasedn</c>; null: there is no search.</summary>
    public string? BaseDn { get; init; }

    /// <summary><c>ldapbinddn</c>: as whom to search; empty: as nobody.</summary>
    public string BindDn { get; init; } = "";

    /// <summary><c>ldapbindpasswd</c>.</summary>
    public Secret? BindPassword { get; init; }

    /// <summary><c>ldapsearchattribute</c>: what has to equal the user's name.</summary>
    public string SearchAttribute { get; init; } = "uid";

    /// <summary><c>ldapsearchfilter</c>, with <c>$username</c> in it; null: by the attribute.</summary>
    public string? SearchFilter { get; init; }

    /// <summary>The scope of <c>ldapurl</c>.</summary>
    public LdapScope Scope { get; init; } = LdapScope.Subtree;
}
