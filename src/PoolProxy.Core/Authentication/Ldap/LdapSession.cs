using System.Runtime.InteropServices;
using System.Text;
using PoolProxy.Configuration.Ldap;

namespace PoolProxy.Core.Authentication.Ldap;

/// <summary>
/// A connection to a directory: opened with the first request, on the first of its servers that answers. Blocks; one thread at a time. Connecting, with TLS, takes
/// <see cref="ConnectSeconds"/> at most for each server, as in PgBouncer, and each answer <see cref="AnswerSeconds"/>.
/// </summary>
internal sealed unsafe class LdapSession : IDisposable
{
    public const int ConnectSeconds = 3;
    public const int AnswerSeconds = 10;

    // More than one is one too many; more of them need not be sent.
    private const int MaxEntries = 2;

    private readonly LibLdap _library;
    private nint _ldap;

    private LdapSession(LibLdap library, nint ldap) => (_library, _ldap) = (library, ldap);

    /// <summary>A session that has TLS where the settings want it; else the problem.</summary>
    public static LdapSession? TryOpen(LibLdap library, LdapSettings settings, out string? problem)
    {
        if (AddressesOf(library, settings, out problem) is not { } addresses)
        {
            return null;
        }

        nint ldap;
        int code;
        fixed (byte* text = Terminated(addresses))
        {
            code = library.Initialize(&ldap, text);
        }

        if (code != LibLdap.Success)
        {
            problem = $"{addresses}: {library.Describe(code)}";
            return null;
        }

        var session = new LdapSession(library, ldap);
        code = session.Prepare(settings);
        if (code == LibLdap.Success)
        {
            return session;
        }

        problem = $"{addresses}: {(settings.StartsTls ? "StartTLS: " : "")}{library.Describe(code)}";
        session.Dispose();
        return null;
    }

    /// <summary>A simple bind (RFC 4513 §5.1); the result code.</summary>
    public int Bind(string dn, ReadOnlySpan<byte> password)
    {
        fixed (byte* name = Terminated(dn))
        fixed (byte* start = password)
        {
            byte none = 0;
            var credentials = new LdapBytes { Length = (nuint)password.Length, Start = start is null ? &none : start };
            return _library.Bind(_ldap, name, &credentials);
        }
    }

    /// <summary>The distinguished names of what a filter finds: none, one, or <see cref="MaxEntries"/> for several. A result code below zero is the library's own.</summary>
    public int Find(LdapSettings settings, string filter, out int count, out string? dn)
    {
        var timeout = new TimeValue { Seconds = AnswerSeconds };
        nint result = 0;
        int code;
        (count, dn) = (0, null);
        fixed (byte* from = Terminated(settings.BaseDn!), what = Terminated(filter), noAttributes = "1.1\0"u8)
        {
            var attributes = stackalloc byte*[2] { noAttributes, null };
            code = _library.Search(_ldap, from, (int)settings.Scope, what, attributes, &timeout, MaxEntries, &result);
        }

        if (result == 0)
        {
            return code;
        }

        count = Math.Max(0, _library.CountEntries(_ldap, result));
        if (count == 1 && _library.FirstEntry(_ldap, result) is var entry and not 0 && _library.GetDn(_ldap, entry) is var text and not 0)
        {
            dn = Marshal.PtrToStringUTF8(text);
            _library.FreeMemory(text);
        }

        _library.FreeMessage(result);
        return code;
    }

    public void Dispose()
    {
        if (_ldap != 0)
        {
            _library.Unbind(_ldap);
            _ldap = 0;
        }
    }

    private int Prepare(LdapSettings settings)
    {
        int version = 3;
        var connect = new TimeValue { Seconds = ConnectSeconds };
        var answer = new TimeValue { Seconds = AnswerSeconds };
        if (_library.SetOption(_ldap, LibLdap.OptionProtocolVersion, &version) is var code and not LibLdap.Success
            || (code = _library.SetOption(_ldap, LibLdap.OptionNetworkTimeout, &connect)) != LibLdap.Success
            || (code = _library.SetOption(_ldap, LibLdap.OptionTimeout, &answer)) != LibLdap.Success

            // Off: the password goes to the directories that are named, and to no other that one of them names.
            || (code = _library.SetOption(_ldap, LibLdap.OptionReferrals, null)) != LibLdap.Success)
        {
            return code;
        }

        if ((settings.IsTls || settings.StartsTls) && (code = DemandCertificate()) != LibLdap.Success)
        {
            return code;
        }

        return settings.StartsTls ? _library.StartTls(_ldap) : LibLdap.Success;
    }

    // Whatever the environment, ldap.conf or an .ldaprc in the working directory say of it; the CAs are still theirs.
    private int DemandCertificate()
    {
        int demand = LibLdap.TlsDemand, asClient = 0;
        return _library.SetOption(_ldap, LibLdap.OptionTlsRequireCertificate, &demand) is var code and not LibLdap.Success
            ? code
            : _library.SetOption(_ldap, LibLdap.OptionTlsNewContext, &asClient);
    }

    // "ldap://one:389 ldap://two:389", which the library tries in turn.
    private static string? AddressesOf(LibLdap library, LdapSettings settings, out string? problem)
    {
        problem = null;
        var scheme = settings.IsTls ? "ldaps" : "ldap";
        if (settings.Servers.Count > 0)
        {
            return string.Join(' ', settings.Servers.Select(server => $"{scheme}://{server}:{settings.Port}"));
        }

        nint domain = 0, hosts = 0;
        try
        {
            fixed (byte* dn = Terminated(settings.BaseDn!))
            {
                if (library.DomainOfDn(dn, &domain) != LibLdap.Success || domain == 0)
                {
                    problem = "ldapbasedn names no domain whose servers could be looked up";
                    return null;
                }
            }

            if (library.HostsOfDomain(domain, &hosts) != LibLdap.Success || hosts == 0)
            {
                problem = $"DNS names no servers (_ldap._tcp) for \"{Marshal.PtrToStringUTF8(domain)}\"";
                return null;
            }

            return string.Join(' ', Marshal.PtrToStringUTF8(hosts)!.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(host => $"{scheme}://{host}"));
        }
        finally
        {
            if (domain != 0)
            {
                library.FreeMemory(domain);
            }

            if (hosts != 0)
            {
                library.FreeMemory(hosts);
            }
        }
    }

    private static byte[] Terminated(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
