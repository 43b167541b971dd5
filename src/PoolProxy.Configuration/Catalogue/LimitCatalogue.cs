using PoolProxy.Configuration.Hba;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>Every key of <c>[limits]</c>.</summary>
public static class LimitCatalogue
{
    private static readonly TextListKind Exempt = new(splitsAtCommas: true, check: text =>
        text == LimitSettings.Unix || HbaNetwork.TryReadAny(text, out _) ? null : new($"\"{text}\" is neither an address, a network such as 10.0.0.0/8, nor unix"));

    /// <summary>The settings, in the order of conf/pool.toml.</summary>
    public static IReadOnlyList<Setting<LimitSettings>> Settings { get; } =
    [
        Setting<LimitSettings>.Of("address_logins_per_second", Kinds.Count, model => model.AddressLoginsPerSecond, (model, value) => model with { AddressLoginsPerSecond = value }),
        Setting<LimitSettings>.Of("address_logins_at_once", Kinds.Count, model => model.AddressLoginsAtOnce, (model, value) => model with { AddressLoginsAtOnce = value }),
        Setting<LimitSettings>.Optional("address_failures", Kinds.Count, model => model.AddressFailures, (model, value) => model with { AddressFailures = value }),
        Setting<LimitSettings>.Of("address_exempt", Exempt, model => model.AddressExempt, (model, value) => model with { AddressExempt = value }),
        Setting<LimitSettings>.Of("identity_logins_per_second", Kinds.Count, model => model.IdentityLoginsPerSecond, (model, value) => model with { IdentityLoginsPerSecond = value }),
        Setting<LimitSettings>.Of("identity_logins_at_once", Kinds.Count, model => model.IdentityLoginsAtOnce, (model, value) => model with { IdentityLoginsAtOnce = value }),
        Setting<LimitSettings>.Of("identity_failures", Kinds.Count, model => model.IdentityFailures, (model, value) => model with { IdentityFailures = value }),
        Setting<LimitSettings>.Of("issuer_logins_per_second", Kinds.Count, model => model.IssuerLoginsPerSecond, (model, value) => model with { IssuerLoginsPerSecond = value }),
        Setting<LimitSettings>.Of("issuer_logins_at_once", Kinds.Count, model => model.IssuerLoginsAtOnce, (model, value) => model with { IssuerLoginsAtOnce = value }),
        Setting<LimitSettings>.Of("issuer_failures", Kinds.Count, model => model.IssuerFailures, (model, value) => model with { IssuerFailures = value }),
        Setting<LimitSettings>.Of("ban_time", Kinds.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1)), model => model.BanTime, (model, value) => model with { BanTime = value }),
        Setting<LimitSettings>.Of("ban_time_max", Kinds.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(7)), model => model.BanTimeMax, (model, value) => model with { BanTimeMax = value }),
        Setting<LimitSettings>.Of("ban_memory", Kinds.Between(TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)), model => model.BanMemory, (model, value) => model with { BanMemory = value }),
    ];
}
