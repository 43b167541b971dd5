namespace PoolProxy.Configuration.Model;

/// <summary>The audit trail: <c>[audit]</c>.</summary>
public sealed record AuditSettings
{
    /// <summary>The value of <see cref="File"/> that turns the trail off.</summary>
    public const string Off = "off";

    /// <summary>The value of <see cref="File"/> that writes to standard error.</summary>
    public const string StandardError = "stderr";

    /// <summary><c>file</c>: a path, <see cref="StandardError"/>, or <see cref="Off"/> (default).</summary>
    public string File { get; init; } = Off;

    /// <summary><c>queue_size</c>: records that may wait for the writer; 16 to 1 048 576, default 8192. Above it <see cref="Overflow"/> decides.</summary>
    public int QueueSize { get; init; } = 8192;

    /// <summary><c>overflow</c>: <c>drop</c> (default) or <c>block</c>.</summary>
    public AuditOverflow Overflow { get; init; }

    /// <summary><c>statements</c>: <c>off</c> (default), <c>all</c> or <c>write</c>.</summary>
    public AuditedStatements Statements { get; init; }

    /// <summary><c>statement_text</c>: <c>text</c> (default) or <c>fingerprint</c>.</summary>
    public AuditedText StatementText { get; init; }

    /// <summary><c>statement_bytes</c>: where a text is cut; 64 to 65 536 bytes, default 4096.</summary>
    public int StatementBytes { get; init; } = 4096;

    /// <summary><c>parameters</c>: values bound to a statement are recorded too. Default off.</summary>
    public bool Parameters { get; init; }

    /// <summary><c>parameter_bytes</c>: where one of them is cut; 8 to 4096 bytes, default 256. All of one statement take 32 KiB at most.</summary>
    public int ParameterBytes { get; init; } = 256;

    /// <summary><c>chain_key</c>: a file with the key that the chain's hashes are made with; empty (default) for a chain without a key.</summary>
    public string ChainKey { get; init; } = "";
}
