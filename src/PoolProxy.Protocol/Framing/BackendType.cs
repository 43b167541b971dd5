namespace PoolProxy.Protocol.Framing;

/// <summary>
/// Type bytes of the messages a backend sends. Source: protocol-message-formats.html, those marked (B).
/// </summary>
public static class BackendType
{
    /// <summary>All Authentication… messages; the Int32 behind the header tells them apart.</summary>
    public const byte Authentication = (byte)'R';

    /// <summary>The key for CancelRequest.</summary>
    public const byte BackendKeyData = (byte)'K';

    /// <summary>Answer to Bind.</summary>
    public const byte BindComplete = (byte)'2';

    /// <summary>Answer to Close.</summary>
    public const byte CloseComplete = (byte)'3';

    /// <summary>A command is done; carries its tag.</summary>
    public const byte CommandComplete = (byte)'C';

    /// <summary>COPY data; the same letter in both directions.</summary>
    public const byte CopyData = (byte)'d';

    /// <summary>End of COPY data; the same letter in both directions.</summary>
    public const byte CopyDone = (byte)'c';

    /// <summary>The server wants COPY data.</summary>
    public const byte CopyInResponse = (byte)'G';

    /// <summary>The server will send COPY data.</summary>
    public const byte CopyOutResponse = (byte)'H';

    /// <summary>COPY in both directions: streaming replication.</summary>
    public const byte CopyBothResponse = (byte)'W';

    /// <summary>One row.</summary>
    public const byte DataRow = (byte)'D';

    /// <summary>Instead of CommandComplete where the query text was empty.</summary>
    public const byte EmptyQueryResponse = (byte)'I';

    /// <summary>An error.</summary>
    public const byte ErrorResponse = (byte)'E';

    /// <summary>Answer to FunctionCall.</summary>
    public const byte FunctionCallResponse = (byte)'V';

    /// <summary>The server speaks an older minor version, or does not know some protocol options.</summary>
    public const byte NegotiateProtocolVersion = (byte)'v';

    /// <summary>Answer to Describe: no rows will come.</summary>
    public const byte NoData = (byte)'n';

    /// <summary>A notice; may come at any time.</summary>
    public const byte NoticeResponse = (byte)'N';

    /// <summary>A NOTIFY of some session; may come between transactions.</summary>
    public const byte NotificationResponse = (byte)'A';

    /// <summary>Answer to Describe of a statement: the parameters' types.</summary>
    public const byte ParameterDescription = (byte)'t';

    /// <summary>The value of a reported setting; may come at any time.</summary>
    public const byte ParameterStatus = (byte)'S';

    /// <summary>Answer to Parse.</summary>
    public const byte ParseComplete = (byte)'1';

    /// <summary>Answer to Execute whose row limit was reached.</summary>
    public const byte PortalSuspended = (byte)'s';

    /// <summary>Answer to Sync, end of Query and of login; carries the <see cref="TransactionStatus"/>.</summary>
    public const byte ReadyForQuery = (byte)'Z';

    /// <summary>The columns of the rows to come.</summary>
    public const byte RowDescription = (byte)'T';
}
