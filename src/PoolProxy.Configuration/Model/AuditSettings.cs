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

    /// <summary><c>queue_size</c>: records that may wait for the writer; 16 to 1 048 576, default 8192. Above it records are dropped and counted.</summary>
    public int QueueSize { get; init; } = 8192;
}
