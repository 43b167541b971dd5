namespace PoolProxy.Protocol.Framing;

/// <summary>
/// Type bytes of the messages a frontend sends. Source: protocol-message-formats.html, those marked (F).
/// </summary>
public static class FrontendType
{
    /// <summary>Simple query.</summary>
    public const byte Query = (byte)'Q';

    /// <summary>Extended protocol: prepare a statement.</summary>
    public const byte Parse = (byte)'P';

    /// <summary>Extended protocol: make a portal of a statement and parameters.</summary>
    public const byte Bind = (byte)'B';

    /// <summary>Extended protocol: ask for the description of a statement or portal.</summary>
    public const byte Describe = (byte)'D';

    /// <summary>Extended protocol: run a portal.</summary>
    public const byte Execute = (byte)'E';

    /// <summary>Extended protocol: forget a statement or portal.</summary>
    public const byte Close = (byte)'C';

    /// <summary>Extended protocol: the end of a pipeline's unit of work and of error skipping.</summary>
    public const byte Sync = (byte)'S';

    /// <summary>Extended protocol: send what is pending.</summary>
    public const byte Flush = (byte)'H';

    /// <summary>Fast-path function call.</summary>
    public const byte FunctionCall = (byte)'F';

    /// <summary>COPY data; the same letter in both directions.</summary>
    public const byte CopyData = (byte)'d';

    /// <summary>End of COPY data; the same letter in both directions.</summary>
    public const byte CopyDone = (byte)'c';

    /// <summary>COPY IN given up by the frontend.</summary>
    public const byte CopyFail = (byte)'f';

    /// <summary>End of the session.</summary>
    public const byte Terminate = (byte)'X';

    /// <summary>PasswordMessage, SASLInitialResponse, SASLResponse, GSSResponse: which one, the state of the login says.</summary>
    public const byte Password = (byte)'p';
}
