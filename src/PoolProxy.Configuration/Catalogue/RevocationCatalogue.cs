using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>Every key of <c>[revocation]</c>.</summary>
public static class RevocationCatalogue
{
    /// <summary>The settings, in the order of conf/pool.toml.</summary>
    public static IReadOnlyList<Setting<RevocationSettings>> Settings { get; } =
    [
        Setting<RevocationSettings>.Of("file", Kinds.Path, model => model.File, (model, value) => model with { File = value }),
        Setting<RevocationSettings>.Of("state_file", Kinds.Path, model => model.StateFile, (model, value) => model with { StateFile = value }),
        Setting<RevocationSettings>.Of("max_entries", new IntegerKind(16, 1_000_000), model => model.MaxEntries, (model, value) => model with { MaxEntries = value }),
        Setting<RevocationSettings>.Of("keep", Kinds.Timeout, model => model.Keep, (model, value) => model with { Keep = value }),
    ];
}
