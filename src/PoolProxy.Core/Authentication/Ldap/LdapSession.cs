using System.Runtime.InteropServices;
using System.Text;
using PoolProxy.Configuration.Ldap;

namespace PoolProxy.Core.Authentication.Ldap;

/// <summary>
/// A connection to a directory: opened with the first request, on the first of its servers that can be reached. Blocks, no longer than <see cref="LdapPatience"/> has it for each
/// step; one thread at a time.
/// </summary>
internal sealed unsafe class LdapSession : IDisposable
{
    // More than one is one too many; more of them need not be sent.
    private const int MaxEntries = 2;

    private readonly LibLdap _library;
    private readonly LdapPatience _patience;
    private readonly LdapWatch _watch;
    private nint _ldap;

    private LdapSession(LibLdap library, LdapPatience patience, nint ldap)
    {
        (_library, _patience, _ldap) = (library, patience, ldap);
        _watch = new LdapWatch(library, patience.Connect + patience.Answer);
    }

    /// <summary>A session that has TLS where the settings want it; else the problem.</summary>
    /// <param name="library">OpenLDAP's.</param>
    /// <param name="settings">Whether there is TLS.</param>
    /// <param name="addresses">The servers, as <see cref="LdapServers"/> gives them.</param>
    /// <param name="patience">How long it waits.</param>
    /// <param name="problem">For the operator.</param>
    public static LdapSession? TryOpen(LibLdap library, LdapSettings settings, string addresses, LdapPatience patience, out string? problem)
    {
        problem = null;
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

        var session = new LdapSession(library, patience, ldap);
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
            _watch.Begin();
            return Over(_library.Bind(_ldap, name, &credentials));
        }
    }

    /// <summary>The distinguished names of what a filter finds: none, one, or <see cref="MaxEntries"/> for several. A result code below zero is the library's own.</summary>
    public int Find(LdapSettings settings, string filter, out int count, out string? dn)
    {
        var timeout = TimeValue.Of(_patience.Answer);
        nint result = 0;
        int code;
        (count, dn) = (0, null);
        fixed (byte* from = Terminated(settings.BaseDn!), what = Terminated(filter), noAttributes = "1.1\0"u8)
        {
            var attributes = stackalloc byte*[2] { noAttributes, null };
            _watch.Begin();
            code = Over(_library.Search(_ldap, from, (int)settings.Scope, what, attributes, &timeout, MaxEntries, &result));
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
            _watch.Dispose();
        }
    }

    private int Prepare(LdapSettings settings)
    {
        int version = 3;
        var (connect, answer) = (TimeValue.Of(_patience.Connect), TimeValue.Of(_patience.Answer));
        if (_library.SetOption(_ldap, LibLdap.OptionProtocolVersion, &version) is var code and not LibLdap.Success
            || (code = _library.SetOption(_ldap, LibLdap.OptionNetworkTimeout, &connect)) != LibLdap.Success
            || (code = _library.SetOption(_ldap, LibLdap.OptionTimeout, &answer)) != LibLdap.Success
            || (code = _library.SetOption(_ldap, LibLdap.OptionConnectCallbacks, _watch.Subscription)) != LibLdap.Success

            // Off: the password goes to the directories that are named, and to no other that one of them names.
            || (code = _library.SetOption(_ldap, LibLdap.OptionReferrals, null)) != LibLdap.Success)
        {
            return code;
        }

        if ((settings.IsTls || settings.StartsTls) && (code = LdapTrust.Demand(_library, _ldap)) != LibLdap.Success)
        {
            return code;
        }

        if (!settings.StartsTls)
        {
            return LibLdap.Success;
        }

        _watch.Begin();
        return Over(_library.StartTls(_ldap));
    }

    // What the library makes of a connection that was shut down depends on where it was.
    private int Over(int code)
    {
        _watch.End();
        return code != LibLdap.Success && _watch.HasEndedOne ? LibLdap.TimedOut : code;
    }

    private static byte[] Terminated(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
