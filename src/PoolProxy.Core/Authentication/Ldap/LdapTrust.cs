namespace PoolProxy.Core.Authentication.Ldap;

/// <summary>Whose certificates a session believes: those whom ldap.conf, an .ldaprc or the environment trust, as for every program that uses OpenLDAP's library, and no others.</summary>
internal static unsafe class LdapTrust
{
    private const int AuthorityFile = 0x6002, AuthorityFolder = 0x6003, CertificateFile = 0x6004, KeyFile = 0x6005, LeastProtocol = 0x6007, Ciphers = 0x6008, RevocationCheck = 0x600b, RevocationFile = 0x6010;

    private static readonly int[] Texts = [AuthorityFile, AuthorityFolder, CertificateFile, KeyFile, Ciphers, RevocationFile];
    private static readonly int[] Numbers = [LeastProtocol, RevocationCheck];

    /// <summary>
    /// Has a session demand a certificate that is vouched for, whatever TLS_REQCERT says. That takes a context of TLS of its own, which begins with nothing: not even the CAs that all
    /// sessions share are in it, so that they are handed on. The result code.
    /// </summary>
    public static int Demand(LibLdap library, nint ldap)
    {
        foreach (var option in Texts)
        {
            nint text = 0;
            if (library.GetOption(0, option, &text) != LibLdap.Success || text == 0)
            {
                continue;
            }

            var code = library.SetOption(ldap, option, (void*)text);
            library.FreeMemory(text);
            if (code != LibLdap.Success)
            {
                return code;
            }
        }

        foreach (var option in Numbers)
        {
            int number;
            if (library.GetOption(0, option, &number) == LibLdap.Success && number != 0 && library.SetOption(ldap, option, &number) is var code and not LibLdap.Success)
            {
                return code;
            }
        }

        int demand = LibLdap.TlsDemand, asClient = 0;
        return library.SetOption(ldap, LibLdap.OptionTlsRequireCertificate, &demand) is var refusal and not LibLdap.Success
            ? refusal
            : library.SetOption(ldap, LibLdap.OptionTlsNewContext, &asClient);
    }
}
