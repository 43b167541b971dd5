using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;

namespace PoolProxy.Configuration.Model;

/// <summary>A whole file without faults. Immutable: a reload makes another one.</summary>
public sealed record ProxyConfiguration
{
    /// <summary><c>[proxy]</c>.</summary>
    public ProxySettings Proxy { get; init; } = new();

    /// <summary><c>[databases.NAME]</c>, by name; <see cref="DatabaseSettings.FallbackName"/> is the fallback.</summary>
    public IReadOnlyDictionary<string, DatabaseSettings> Databases { get; init; } = ReadOnlyDictionary<string, DatabaseSettings>.Empty;

    /// <summary><c>[users.NAME]</c>, by name.</summary>
    public IReadOnlyDictionary<string, UserSettings> Users { get; init; } = ReadOnlyDictionary<string, UserSettings>.Empty;

    /// <summary><c>[issuers.NAME]</c>, by name.</summary>
    public IReadOnlyDictionary<string, IssuerSettings> Issuers { get; init; } = ReadOnlyDictionary<string, IssuerSettings>.Empty;

    /// <summary><c>[peers.ID]</c>, by their number.</summary>
    public IReadOnlyDictionary<string, PeerSettings> Peers { get; init; } = ReadOnlyDictionary<string, PeerSettings>.Empty;

    /// <summary>The peers by what their section's name means.</summary>
    public IReadOnlyDictionary<int, PeerSettings> PeersById => Peers.Values.ToDictionary(peer => peer.Id);

    /// <summary><c>[[rules]]</c>, in the file's order.</summary>
    public IReadOnlyList<RuleSettings> Rules { get; init; } = [];

    /// <summary><c>[audit]</c>.</summary>
    public AuditSettings Audit { get; init; } = new();

    /// <summary><c>[http]</c>.</summary>
    public HttpSettings Http { get; init; } = new();

    /// <summary><c>[limits]</c>.</summary>
    public LimitSettings Limits { get; init; } = new();

    /// <summary>The <c>address_failures</c> that holds: the file's, else 20 where there are issuers and 0 where not.</summary>
    public int AddressFailures => Limits.AddressFailures ?? (Issuers.Count > 0 ? LimitSettings.DefaultAddressFailures : 0);

    /// <summary><c>[revocation]</c>.</summary>
    public RevocationSettings Revocation { get; init; } = new();

    /// <summary>
    /// How long an order of revocation holds that does not say so: <c>keep</c>, else what the longest token can live; zero for as long as nobody takes it back.
    /// </summary>
    public TimeSpan RevocationKeep =>
        Revocation.Keep > TimeSpan.Zero ? Revocation.Keep
        : Issuers.Count == 0 || Issuers.Values.Any(issuer => issuer.MaxTokenLifetime == TimeSpan.Zero) ? TimeSpan.Zero
        : Issuers.Values.Max(issuer => issuer.MaxTokenLifetime + issuer.ClockSkew + issuer.TokenExpiryGrace);

    /// <summary><c>[access]</c>.</summary>
    public AccessSettings Access { get; init; } = new();

    /// <summary>The section that serves the database <paramref name="name"/>: its own, else the fallback's, else false.</summary>
    public bool TryFindDatabase(string name, [NotNullWhen(true)] out DatabaseSettings? database) =>
        Databases.TryGetValue(name, out database) || Databases.TryGetValue(DatabaseSettings.FallbackName, out database);

    /// <summary>The isolation that holds for <paramref name="database"/>: its own, else <c>[proxy]</c>'s, else partitioned where there are issuers and none where not.</summary>
    public IsolationLevel IsolationOf(DatabaseSettings database) =>
        database.Isolation ?? Proxy.Isolation ?? (Issuers.Count > 0 ? IsolationLevel.Partitioned : IsolationLevel.None);

    /// <summary>The <c>allow_unsafe_login</c> that holds for <paramref name="database"/>: its own, else <c>[proxy]</c>'s.</summary>
    public bool AllowsUnsafeLogin(DatabaseSettings database) => database.AllowUnsafeLogin ?? Proxy.AllowUnsafeLogin;
}
