namespace PoolProxy.Sandbox;

/// <summary>
/// Something the sandbox needs is missing or did not work. The message is written for a person at a terminal: what
/// failed, and what to install or look at; where a server failed it ends with the tail of the server's log.
/// </summary>
public sealed class SandboxException : Exception
{
    /// <summary>A failure with its message.</summary>
    public SandboxException(string message) : base(message)
    {
    }

    /// <summary>A failure with its message and what caused it.</summary>
    public SandboxException(string message, Exception inner) : base(message, inner)
    {
    }

    /// <summary>A failure without further words.</summary>
    public SandboxException() : base("the sandbox failed")
    {
    }
}
