using System.Runtime.InteropServices;

namespace PoolProxy.Core.Authentication.Ldap;

/// <summary>
/// OpenLDAP's client library, whose entry points we call under their own names. It is what PostgreSQL and PgBouncer use, so that the system's ldap.conf, with its CAs, holds
/// here too. Loaded when the first configuration asks for it: it need not be installed. Source: the ldap_* pages of man 3 (OpenLDAP 2.5).
/// </summary>
internal sealed unsafe class LibLdap
{
    public const int TimedOut = -5;
    public const int Success = 0;
    public const int InvalidCredentials = 49;
    public const int Busy = 51;
    public const int Unavailable = 52;

    public const int OptionReferrals = 0x0008;
    public const int OptionProtocolVersion = 0x0011;
    public const int OptionTimeout = 0x5002;
    public const int OptionNetworkTimeout = 0x5005;
    public const int OptionConnectCallbacks = 0x5011;
    public const int OptionTlsRequireCertificate = 0x6006;
    public const int OptionTlsNewContext = 0x600f;
    public const int TlsNever = 0;
    public const int TlsDemand = 2;

    // LBER_SB_OPT_GET_FD.
    private const int SocketOption = 1;

    // By the version of the ABI: Debian 12 and Ubuntu 22.04; Debian 13, Ubuntu 24.04, Fedora; those before.
    private static readonly string[] FileNames = ["libldap-2.5.so.0", "libldap.so.2", "libldap-2.4.so.2"];
    private static readonly Lazy<LibLdap?> Loaded = new(Load);

    private readonly nint _library;

    private LibLdap(nint library) => _library = library;

    /// <summary>The library; null where it is not installed.</summary>
    public static LibLdap? Instance => Loaded.Value;

    public int Initialize(nint* ldap, byte* uris) => ((delegate* unmanaged<nint*, byte*, int>)At("ldap_initialize"))(ldap, uris);

    public int SetOption(nint ldap, int option, void* value) => ((delegate* unmanaged<nint, int, void*, int>)At("ldap_set_option"))(ldap, option, value);

    /// <summary>With 0 for the session: what all begin with. A text is the caller's to free.</summary>
    public int GetOption(nint ldap, int option, void* value) => ((delegate* unmanaged<nint, int, void*, int>)At("ldap_get_option"))(ldap, option, value);

    public int StartTls(nint ldap) => ((delegate* unmanaged<nint, nint, nint, int>)At("ldap_start_tls_s"))(ldap, 0, 0);

    /// <summary>A simple bind: without a mechanism, <paramref name="credentials"/> is the password.</summary>
    public int Bind(nint ldap, byte* dn, LdapBytes* credentials) =>
        ((delegate* unmanaged<nint, byte*, nint, LdapBytes*, nint, nint, nint, int>)At("ldap_sasl_bind_s"))(ldap, dn, 0, credentials, 0, 0, 0);

    public int Search(nint ldap, byte* baseDn, int scope, byte* filter, byte** attributes, TimeValue* timeout, int sizeLimit, nint* result) =>
        ((delegate* unmanaged<nint, byte*, int, byte*, byte**, int, nint, nint, TimeValue*, int, nint*, int>)At("ldap_search_ext_s"))(
            ldap, baseDn, scope, filter, attributes, 0, 0, 0, timeout, sizeLimit, result);

    public int CountEntries(nint ldap, nint result) => ((delegate* unmanaged<nint, nint, int>)At("ldap_count_entries"))(ldap, result);

    public nint FirstEntry(nint ldap, nint result) => ((delegate* unmanaged<nint, nint, nint>)At("ldap_first_entry"))(ldap, result);

    public nint GetDn(nint ldap, nint entry) => ((delegate* unmanaged<nint, nint, nint>)At("ldap_get_dn"))(ldap, entry);

    public void FreeMemory(nint memory) => ((delegate* unmanaged<nint, void>)At("ldap_memfree"))(memory);

    public void FreeMessage(nint message) => _ = ((delegate* unmanaged<nint, int>)At("ldap_msgfree"))(message);

    public void Unbind(nint ldap) => _ = ((delegate* unmanaged<nint, nint, nint, int>)At("ldap_unbind_ext_s"))(ldap, 0, 0);

    /// <summary>The socket of a connection that the library tells of, below zero for none. By liblber, which libldap is linked with; throws nothing.</summary>
    public int SocketOf(nint buffer)
    {
        var socket = -1;
        return NativeLibrary.TryGetExport(_library, "ber_sockbuf_ctrl", out var ask) && ((delegate* unmanaged<nint, int, int*, int>)ask)(buffer, SocketOption, &socket) == 1 ? socket : -1;
    }

    public int DomainOfDn(byte* dn, nint* domain) => ((delegate* unmanaged<byte*, nint*, int>)At("ldap_dn2domain"))(dn, domain);

    public int HostsOfDomain(nint domain, nint* hosts) => ((delegate* unmanaged<nint, nint*, int>)At("ldap_domain2hostlist"))(domain, hosts);

    /// <summary>What an answer means, in words.</summary>
    public string Describe(int code) => Marshal.PtrToStringUTF8(((delegate* unmanaged<int, nint>)At("ldap_err2string"))(code)) ?? $"error {code}";

    private nint At(string name) => NativeLibrary.GetExport(_library, name);

    private static LibLdap? Load()
    {
        foreach (var name in FileNames)
        {
            if (NativeLibrary.TryLoad(name, out var library))
            {
                return new LibLdap(library);
            }
        }

        return null;
    }
}
