namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>What a Describe or Close is about, in the letters of the wire.</summary>
public enum StatementOrPortal : byte
{
    /// <summary>A prepared statement.</summary>
    Statement = (byte)'S',

    /// <summary>A portal.</summary>
    Portal = (byte)'P',
}
