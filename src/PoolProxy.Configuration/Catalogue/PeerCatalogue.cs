using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>Every key of <c>[peers.ID]</c>.</summary>
public static class PeerCatalogue
{
    /// <summary>The settings, in the order of conf/pool.toml.</summary>
    public static IReadOnlyList<Setting<PeerSettings>> Settings { get; } =
    [
        Setting<PeerSettings>.Of("host", Kinds.PeerHost, model => model.Host, (model, value) => model with { Host = value }, isRequired: true),
        Setting<PeerSettings>.Of("port", Kinds.Port, model => model.Port, (model, value) => model with { Port = value }),
        Setting<PeerSettings>.Optional("pool_size", Kinds.Count, model => model.PoolSize, (model, value) => model with { PoolSize = value }),
    ];
}
