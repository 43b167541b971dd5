namespace PoolProxy.Protocol.Errors;

/// <summary>How bad an ErrorResponse or NoticeResponse is. Source: protocol-error-fields.html, field V.</summary>
public enum Severity : byte
{
    /// <summary>Unknown or missing: a server that sends no such field.</summary>
    None,

    /// <summary>The command failed; the connection stays.</summary>
    Error,

    /// <summary>The connection ends.</summary>
    Fatal,

    /// <summary>The server ends.</summary>
    Panic,

    /// <summary>A warning.</summary>
    Warning,

    /// <summary>A notice.</summary>
    Notice,

    /// <summary>Debugging output.</summary>
    Debug,

    /// <summary>What the user asked to be told.</summary>
    Info,

    /// <summary>What is of interest to administrators.</summary>
    Log,
}
