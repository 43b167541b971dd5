using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>Every key of <c>[audit]</c>.</summary>
public static class AuditCatalogue
{
    /// <summary>The settings, in the order of conf/pool.toml.</summary>
    public static IReadOnlyList<Setting<AuditSettings>> Settings { get; } =
    [
        Setting<AuditSettings>.Of("file", Kinds.RequiredPath, model => model.File, (model, value) => model with { File = value }),
        Setting<AuditSettings>.Of("queue_size", new IntegerKind(16, 1024 * 1024), model => model.QueueSize, (model, value) => model with { QueueSize = value }),
    ];
}
