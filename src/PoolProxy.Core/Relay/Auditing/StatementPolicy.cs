using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Relay.Auditing;

/// <summary>What <c>[audit]</c> says of statements; immutable, one object for as long as it holds.</summary>
internal sealed record StatementPolicy(bool OnlyWrites, bool IsFingerprint, int StatementBytes, bool HasParameters, int ParameterBytes)
{
    /// <summary>What the parameters of one execution may take together, before they are escaped.</summary>
    public const int MaxParametersBytes = 32 * 1024;

    /// <summary>Null where no statement is recorded.</summary>
    public static StatementPolicy? Of(AuditSettings settings) => settings.Statements == AuditedStatements.Off || settings.File == AuditSettings.Off
        ? null
        : new(
            settings.Statements == AuditedStatements.Write, settings.StatementText == AuditedText.Fingerprint, settings.StatementBytes, settings.Parameters,
            settings.ParameterBytes);
}
