using System.Text;
using PoolProxy.Configuration.Hba;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Transport.Tls;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>
/// auth_type = "cert": the certificate that the connection has shown names the user (<see cref="CertificateNames"/>), who must be known, as in PgBouncer; or it is one of what the
/// user's <c>certificate</c> lists, and then only those; or a line of auth_hba_file has a map that lets one of its names in as the user, and then only that counts. TLS has checked
/// its chain, its dates and client_tls_crl_file.
/// </summary>
internal sealed class CertificateMethod(UserDirectory users, IReadOnlyDictionary<string, UserSettings> settings, IdentMap? map, Memberships memberships) : ILoginMethod
{
    public string Name => "cert";

    public bool NeedsSecret => false;

    public ValueTask<LoginResult> RunAsync(LoginExchange exchange)
    {
        var reason = exchange.Channel.Connection.Tls?.DescribePeer() is not { } certificate ? "certificate_missing"
            : !users.Knows(exchange) ? "unknown_user"
            : !IsOf(certificate, exchange.User) ? "certificate_mismatch" : null;
        return ValueTask.FromResult(reason is null ? UserLogin.Granted(users, exchange) : LoginResult.Refused(exchange.Refusal, reason));
    }

    private bool IsOf(CertificateDescription certificate, string user) =>
        map is not null ? map.Entries.Any(entry => Admits(certificate, entry, user))
        : settings.GetValueOrDefault(user) is { Certificate.Count: > 0 } own
        ? own.Certificate.Any(name => Matches(certificate, name))
        : CertificateNames.Contain(certificate, user);

    // A pattern goes by the CN alone, as in PostgreSQL, from where patterns are: it was written for that. A name is any that the certificate has, as in PgBouncer.
    private bool Admits(CertificateDescription certificate, IdentEntry entry, string user) =>
        entry.SystemPattern is not null ? certificate.CommonName is { } name && entry.Admits(name, user, memberships)
        : CertificateNames.Contain(certificate, entry.System) && entry.Admits(entry.System, user, memberships);

    // The forms were checked with the file: KIND:VALUE.
    private static bool Matches(CertificateDescription certificate, string name)
    {
        var (kind, value) = (name[..name.IndexOf(':', StringComparison.Ordinal)], name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        return kind switch
        {
            "cn" => certificate.CommonName == value,
            "dn" => certificate.SubjectName is { } subject && DistinguishedName.Matches(subject, value),
            "dns" => certificate.DnsNames.Any(dns => Ascii.EqualsIgnoreCase(dns, value)),
            "uri" => certificate.Uris.Contains(value, StringComparer.Ordinal),
            "sha256" => certificate.Sha256Fingerprint.Equals(value.Replace(":", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase),
            _ => false,
        };
    }
}
