using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Change;

/// <summary>
/// What a RELOAD has to do: the difference between the running configuration and the one that was read. Files that a configuration names
/// (certificates, key sets, userlists) may have changed without it: whoever reloads reads them again in any case.
/// </summary>
public sealed record ConfigurationChange
{
    /// <summary>What runs from now on: the wanted configuration, with the settings that need a restart as they were.</summary>
    public required ProxyConfiguration Applied { get; init; }

    /// <summary>Keys of <c>[proxy]</c> that change now.</summary>
    public required IReadOnlyList<SettingChange> Settings { get; init; }

    /// <summary>Keys of <c>[proxy]</c> and <c>[http]</c> that the file changes and only a restart can: to be said in the log.</summary>
    public required IReadOnlyList<SettingChange> NeedsRestart { get; init; }

    /// <summary>Databases that differ.</summary>
    public required IReadOnlyList<DatabaseChange> Databases { get; init; }

    /// <summary>Users that differ.</summary>
    public required IReadOnlyList<SectionChange> Users { get; init; }

    /// <summary>Peers that differ.</summary>
    public required IReadOnlyList<SectionChange> Peers { get; init; }

    /// <summary>Issuers that differ: an added one needs its keys; what becomes of the sessions of a removed one is <c>removed_issuer</c>.</summary>
    public required IReadOnlyList<SectionChange> Issuers { get; init; }

    /// <summary>Whether any rule, or their order, differs.</summary>
    public required bool HaveRulesChanged { get; init; }

    /// <summary>Keys of <c>[audit]</c> that change.</summary>
    public required IReadOnlyList<SettingChange> Audit { get; init; }

    /// <summary>Keys of <c>[limits]</c> that change.</summary>
    public required IReadOnlyList<SettingChange> Limits { get; init; }

    /// <summary>Keys of <c>[revocation]</c> that change.</summary>
    public required IReadOnlyList<SettingChange> Revocation { get; init; }

    /// <summary>Whether nothing differs at all.</summary>
    public bool IsEmpty =>
        Settings.Count + NeedsRestart.Count + Databases.Count + Users.Count + Peers.Count + Issuers.Count + Audit.Count + Limits.Count + Revocation.Count == 0 && !HaveRulesChanged;

    /// <summary>At the start there is nothing to compare with: all of it comes into force.</summary>
    public static ConfigurationChange None(ProxyConfiguration wanted) => new()
    {
        Applied = wanted,
        Settings = [],
        NeedsRestart = [],
        Databases = [],
        Users = [],
        Peers = [],
        Issuers = [],
        HaveRulesChanged = false,
        Audit = [],
        Limits = [],
        Revocation = [],
    };

    /// <summary>Compares <paramref name="running"/> with <paramref name="wanted"/>; both are without faults.</summary>
    public static ConfigurationChange Between(ProxyConfiguration running, ProxyConfiguration wanted)
    {
        var applied = wanted with
        {
            Proxy = KeepWhatNeedsRestart(running.Proxy, wanted.Proxy, ProxyCatalogue.Settings),
            Http = KeepWhatNeedsRestart(running.Http, wanted.Http, HttpCatalogue.Settings),
        };
        return new()
        {
            Applied = applied,
            Settings = Differences.Of(running.Proxy, applied.Proxy, ProxyCatalogue.Settings),
            NeedsRestart =
            [
                .. Differences.Of(applied.Proxy, wanted.Proxy, ProxyCatalogue.Settings),
                .. Differences.Of(applied.Http, wanted.Http, HttpCatalogue.Settings).Select(change => change with { Name = $"[http] {change.Name}" }),
            ],
            Databases = DatabaseDifferences.Of(running, applied),
            Users = Differences.OfSections(running.Users, applied.Users, UserCatalogue.Settings),
            Peers = Differences.OfSections(running.Peers, applied.Peers, PeerCatalogue.Settings),
            Issuers = Differences.OfSections(running.Issuers, applied.Issuers, IssuerCatalogue.Settings),
            HaveRulesChanged = !RuleDifferences.AreSame(running.Rules, applied.Rules),
            Audit = Differences.Of(running.Audit, applied.Audit, AuditCatalogue.Settings),
            Limits = Differences.Of(running.Limits, applied.Limits, LimitCatalogue.Settings),
            Revocation = Differences.Of(running.Revocation, applied.Revocation, RevocationCatalogue.Settings),
        };
    }

    private static TModel KeepWhatNeedsRestart<TModel>(TModel running, TModel wanted, IReadOnlyList<Setting<TModel>> all)
        where TModel : class =>
        all.Where(setting => !setting.IsChangeable).Aggregate(wanted, (settings, setting) => setting.Copy(running, settings));
}
