namespace PoolProxy.Configuration.Model;

/// <summary>What a record says of a statement's text: <c>statement_text</c> in <c>[audit]</c>.</summary>
public enum AuditedText
{
    /// <summary><c>text</c>: as it was sent, cut at <c>statement_bytes</c> (default). Secrets are taken out.</summary>
    Text,

    /// <summary><c>fingerprint</c>: a number that all texts share which differ in literals, comments and spacing only.</summary>
    Fingerprint,
}
