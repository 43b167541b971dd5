using System.Security.Cryptography;
using System.Text;
using PoolProxy.Configuration.Ldap;
using PoolProxy.Core.Authentication.Outside;

namespace PoolProxy.Core.Authentication.Ldap;

/// <summary>Asks a directory whether a password is somebody's, as PostgreSQL does: by binding with it. Blocks.</summary>
/// <param name="library">OpenLDAP's.</param>
/// <param name="settings">Whom to ask, and how the user is found there.</param>
/// <param name="patience">How long; null for as long as PgBouncer does.</param>
/// <param name="hostsOf">What DNS names for a domain, as <see cref="LdapServers"/> takes it; null: what it does.</param>
internal sealed class LdapDirectory(LibLdap library, LdapSettings settings, LdapPatience? patience = null, Func<string, string?>? hostsOf = null)
{
    private const string Unavailable = "ldap_unavailable";

    private static readonly OutsideAnswer UserUnknown = OutsideAnswer.Refused("ldap_user_unknown");

    private readonly LdapServers _servers = new(library, settings, hostsOf);

    /// <summary>The answer. <paramref name="password"/> is not empty: a bind without one succeeds, for nobody (RFC 4513 §5.1.2).</summary>
    public OutsideAnswer Check(string user, ReadOnlySpan<byte> password)
    {
        if (settings.BaseDn is null)
        {
            return LdapNames.Between(settings.Prefix, user, settings.Suffix) is { } name ? BindAs(name, password) : OutsideAnswer.Refused("ldap_name_refused");
        }

        var (dn, refusal) = Find(user);
        if (dn is not null)
        {
            return BindAs(dn, password);
        }

        // Whom the directory does not know is bound like others, so that the time tells nobody who exists: as its base, with what is nobody's password.
        if (refusal == UserUnknown)
        {
            BindAs(settings.BaseDn, Encoding.ASCII.GetBytes(Convert.ToHexString(RandomNumberGenerator.GetBytes(16))));
        }

        return refusal!;
    }

    private (string? Dn, OutsideAnswer? Refusal) Find(string user)
    {
        if (LdapNames.Filter(settings.SearchFilter, settings.SearchAttribute, user) is not { } filter)
        {
            return (null, OutsideAnswer.Refused("ldap_name_refused"));
        }

        using var session = TryOpen(out var problem);
        if (session is null)
        {
            return (null, OutsideAnswer.Unavailable(Unavailable, problem!));
        }

        if (session.Bind(settings.BindDn, Encoding.UTF8.GetBytes(settings.BindPassword?.Value ?? "")) is var bound and not LibLdap.Success)
        {
            return (null, OutsideAnswer.Unavailable(Unavailable, $"{Servers}: the bind as ldapbinddn \"{settings.BindDn}\": {library.Describe(bound)}"));
        }

        var code = session.Find(settings, filter, out var count, out var dn);
        return count > 1 ? (null, OutsideAnswer.Refused("ldap_user_ambiguous", $"{Servers}: {filter} finds several entries"))
            : code != LibLdap.Success ? (null, OutsideAnswer.Unavailable(Unavailable, $"{Servers}: the search for {filter}: {library.Describe(code)}"))
            : dn is null ? (null, UserUnknown)
            : dn.Length == 0 ? (null, OutsideAnswer.Refused("ldap_name_refused", $"{Servers}: {filter} finds an entry without a name, as which anybody could be bound"))
            : (dn, null);
    }

    private OutsideAnswer BindAs(string dn, ReadOnlySpan<byte> password)
    {
        using var session = TryOpen(out var problem);
        if (session is null)
        {
            return OutsideAnswer.Unavailable(Unavailable, problem!);
        }

        var code = session.Bind(dn, password);
        return code switch
        {
            LibLdap.Success => OutsideAnswer.Proven,
            LibLdap.InvalidCredentials => OutsideAnswer.Refused("wrong_password"),
            < 0 or LibLdap.Busy or LibLdap.Unavailable => OutsideAnswer.Unavailable(Unavailable, $"{Servers}: {library.Describe(code)}"),
            _ => OutsideAnswer.Refused("ldap_refused", $"{Servers}: \"{dn}\": {library.Describe(code)}"),
        };
    }

    private LdapSession? TryOpen(out string? problem) =>
        _servers.Addresses(out problem) is { } addresses ? LdapSession.TryOpen(library, settings, addresses, patience ?? LdapPatience.Usual, out problem) : null;

    private string Servers => settings.Servers.Count > 0 ? string.Join(' ', settings.Servers) : "the domain's servers";
}
