namespace PoolProxy.Configuration.Model;

/// <summary>
/// What one address, one identity and one issuer may do with logins: <c>[limits]</c>. An identity is a token's issuer and subject, once its signature was good,
/// or the user's name under PgBouncer's methods. IPv6 addresses count by their first 64 bits. Of each kind 16 384 are remembered at most.
/// </summary>
public sealed record LimitSettings
{
    /// <summary>The word in <see cref="AddressExempt"/> for clients of the Unix socket.</summary>
    public const string Unix = "unix";

    /// <summary>What <see cref="AddressFailures"/> is where there are issuers and the file says nothing.</summary>
    public const int DefaultAddressFailures = 20;

    /// <summary><c>address_logins_per_second</c>: connections of one address that may begin in a second; default 0, unlimited.</summary>
    public int AddressLoginsPerSecond { get; init; }

    /// <summary><c>address_logins_at_once</c>: logins of one address under way at the same time; default 0, unlimited.</summary>
    public int AddressLoginsAtOnce { get; init; }

    /// <summary>
    /// <c>address_failures</c>: failed logins that are forgiven within <see cref="BanMemory"/>; the next bans the address. 0 is never. Null takes 20 with issuers
    /// and 0 without: a file for PgBouncer means what it meant.
    /// </summary>
    public int? AddressFailures { get; init; }

    /// <summary><c>address_exempt</c>: addresses and networks without these limits, and <c>unix</c>; default unix and loopback, behind which anybody may be a proxy.</summary>
    public IReadOnlyList<string> AddressExempt { get; init; } = [Unix, "127.0.0.0/8", "::1"];

    /// <summary><c>identity_logins_per_second</c>: logins of one identity in a second; default 0, unlimited.</summary>
    public int IdentityLoginsPerSecond { get; init; }

    /// <summary><c>identity_logins_at_once</c>: logins of one identity under way at the same time; default 0, unlimited.</summary>
    public int IdentityLoginsAtOnce { get; init; }

    /// <summary><c>identity_failures</c>: as <see cref="AddressFailures"/>; default 0, never: whoever knows a user's name could lock that user out.</summary>
    public int IdentityFailures { get; init; }

    /// <summary><c>issuer_logins_per_second</c>: logins with good tokens of one issuer in a second; default 0, unlimited.</summary>
    public int IssuerLoginsPerSecond { get; init; }

    /// <summary><c>issuer_logins_at_once</c>: logins with good tokens of one issuer under way at the same time; default 0, unlimited.</summary>
    public int IssuerLoginsAtOnce { get; init; }

    /// <summary><c>issuer_failures</c>: refused tokens whose signature was good; the next bans the issuer. Default 0, never.</summary>
    public int IssuerFailures { get; init; }

    /// <summary><c>ban_time</c>: the first ban; each further one lasts twice as long. 100 ms to 1 day, default 1 s.</summary>
    public TimeSpan BanTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary><c>ban_time_max</c>: the longest ban; at most 7 days, default 5 min.</summary>
    public TimeSpan BanTimeMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary><c>ban_memory</c>: for how long failures count, and how much quiet behind a ban makes the next a first one again. 1 s to 7 days, default 10 min.</summary>
    public TimeSpan BanMemory { get; init; } = TimeSpan.FromMinutes(10);
}
