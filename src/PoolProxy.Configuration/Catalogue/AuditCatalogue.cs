using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>Every key of <c>[audit]</c>.</summary>
public static class AuditCatalogue
{
    private static readonly ChoiceKind<AuditOverflow> Overflow = new([("drop", AuditOverflow.Drop), ("block", AuditOverflow.Block)]);

    private static readonly ChoiceKind<AuditedStatements> Statements = new(
        [("off", AuditedStatements.Off), ("all", AuditedStatements.All), ("write", AuditedStatements.Write)]);

    private static readonly ChoiceKind<AuditedText> Texts = new([("text", AuditedText.Text), ("fingerprint", AuditedText.Fingerprint)]);

    /// <summary>The settings, in the order of conf/pool.toml.</summary>
    public static IReadOnlyList<Setting<AuditSettings>> Settings { get; } =
    [
        Setting<AuditSettings>.Of("file", Kinds.RequiredPath, model => model.File, (model, value) => model with { File = value }),
        Setting<AuditSettings>.Of("queue_size", new IntegerKind(16, 1024 * 1024), model => model.QueueSize, (model, value) => model with { QueueSize = value }),
        Setting<AuditSettings>.Of("overflow", Overflow, model => model.Overflow, (model, value) => model with { Overflow = value }),
        Setting<AuditSettings>.Of("chain_key", Kinds.Path, model => model.ChainKey, (model, value) => model with { ChainKey = value }),
        Setting<AuditSettings>.Of("statements", Statements, model => model.Statements, (model, value) => model with { Statements = value }),
        Setting<AuditSettings>.Of("statement_text", Texts, model => model.StatementText, (model, value) => model with { StatementText = value }),
        Setting<AuditSettings>.Of("statement_bytes", new IntegerKind(64, 65536), model => model.StatementBytes, (model, value) => model with { StatementBytes = value }),
        Setting<AuditSettings>.Of("parameters", Kinds.Boolean, model => model.Parameters, (model, value) => model with { Parameters = value }),
        Setting<AuditSettings>.Of("parameter_bytes", new IntegerKind(8, 4096), model => model.ParameterBytes, (model, value) => model with { ParameterBytes = value }),
    ];
}
