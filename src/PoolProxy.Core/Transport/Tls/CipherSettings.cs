using System.Text;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>Lays the versions, ciphers and key-exchange groups of the settings on a context; what OpenSSL refuses becomes a fault.</summary>
internal static unsafe class CipherSettings
{
    // The protocol numbers of TLS (RFC 8446 §4.1.2, RFC 5246 §E.1), oldest first, with the option that leaves each out.
    private static readonly (TlsProtocols Protocol, long Version, ulong Option)[] Versions =
    [
        (TlsProtocols.Tls10, 0x0301, LibSsl.OptionNoTls10),
        (TlsProtocols.Tls11, 0x0302, LibSsl.OptionNoTls11),
        (TlsProtocols.Tls12, 0x0303, LibSsl.OptionNoTls12),
        (TlsProtocols.Tls13, 0x0304, LibSsl.OptionNoTls13),
    ];

    /// <summary>Everything of this class, for either side.</summary>
    public static void Apply(SslContextHandle context, TlsSettings settings, ICollection<TlsFault> faults)
    {
        ApplyVersions(context, settings, faults);
        ApplyCiphers(context, settings, faults);
        ApplyCurves(context, settings, faults);
        // Without this OpenSSL offers no finite-field Diffie-Hellman below TLS 1.3; with it the size follows the certificate's.
        if (settings.DheParameters == DheParameters.Auto)
            _ = LibSsl.SSL_CTX_ctrl(context, LibSsl.ControlSetDhAuto, 1, null);
    }

    // The bounds are set although the options would do: openssl.cnf of the machine may carry a minimum of its own, and the
    // setting is the one that counts. TLS 1.0 and 1.1 also need "@SECLEVEL=0" among the ciphers, as OpenSSL 3 demands.
    private static void ApplyVersions(SslContextHandle context, TlsSettings settings, ICollection<TlsFault> faults)
    {
        long lowest = 0, highest = 0;
        ulong left = 0;
        foreach (var (protocol, version, option) in Versions)
        {
            if (!settings.Protocols.HasFlag(protocol))
            {
                left |= option;
                continue;
            }
            lowest = lowest == 0 ? version : lowest;
            highest = version;
        }
        bool isSet = lowest != 0
            && LibSsl.SSL_CTX_ctrl(context, LibSsl.ControlSetMinimumVersion, lowest, null) == 1
            && LibSsl.SSL_CTX_ctrl(context, LibSsl.ControlSetMaximumVersion, highest, null) == 1;
        _ = LibSsl.SSL_CTX_set_options(context, left);
        if (!isSet)
            faults.Add(new TlsFault(settings.Name("_protocols"), "OpenSSL on this machine has none of these TLS versions"));
        LibCrypto.ERR_clear_error();
    }

    // PgBouncer: the named shortcuts leave OpenSSL's own (and the machine's) choice alone; an empty list of TLS 1.3 suites
    // takes those that stand in the other list.
    private static void ApplyCiphers(SslContextHandle context, TlsSettings settings, ICollection<TlsFault> faults)
    {
        string[] named = settings.Ciphers.Split([':', ',', ' '], StringSplitOptions.RemoveEmptyEntries);
        string suites = settings.Tls13Ciphers.Length > 0
            ? settings.Tls13Ciphers.Replace(',', ':').Replace(" ", "", StringComparison.Ordinal)
            : string.Join(':', named.Where(IsTls13Suite));
        string? list = settings.Ciphers.ToUpperInvariant() switch
        {
            "" or "DEFAULT" or "SECURE" or "FAST" or "NORMAL" => null,
            "ALL" => "ALL:!aNULL:!eNULL",
            _ => string.Join(':', named.Where(name => !IsTls13Suite(name))),
        };
        if (!string.IsNullOrEmpty(list) && LibSsl.SSL_CTX_set_cipher_list(context, list) != 1)
            faults.Add(new TlsFault(settings.Name("_ciphers"), $"OpenSSL knows no cipher of \"{settings.Ciphers}\"", "See openssl ciphers -v."));
        if (suites.Length > 0 && LibSsl.SSL_CTX_set_ciphersuites(context, suites) != 1)
            faults.Add(new TlsFault(settings.Name("13_ciphers"), $"OpenSSL does not know all TLS 1.3 suites of \"{suites}\"", "See openssl ciphers -v -s -tls1_3."));
        LibCrypto.ERR_clear_error();
    }

    private static bool IsTls13Suite(string name) => name.StartsWith("TLS_", StringComparison.Ordinal);

    private static void ApplyCurves(SslContextHandle context, TlsSettings settings, ICollection<TlsFault> faults)
    {
        string? groups = settings.Curves.ToUpperInvariant() switch
        {
            "" or "AUTO" => null,
            // No elliptic curve at all: what is left are the finite-field groups of RFC 7919.
            "NONE" => "ffdhe2048:ffdhe3072:ffdhe4096",
            _ => settings.Curves.Replace(',', ':').Replace(" ", "", StringComparison.Ordinal),
        };
        if (groups is null)
            return;
        fixed (byte* list = Encoding.UTF8.GetBytes(groups + '\0'))
        {
            if (LibSsl.SSL_CTX_ctrl(context, LibSsl.ControlSetGroupsList, 0, list) != 1)
                faults.Add(new TlsFault(settings.Name("_ecdhcurve"), $"OpenSSL does not know the curves \"{settings.Curves}\"", "Names are such as prime256v1, secp384r1 or X25519, several with a colon between them."));
        }
        LibCrypto.ERR_clear_error();
    }
}
