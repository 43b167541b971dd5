namespace PoolProxy.Core.Relay;

/// <summary>What became of a client's message.</summary>
internal enum RequestFate : byte
{
    /// <summary>It goes upstream as it is, in a run with its neighbours.</summary>
    Pass,

    /// <summary>It is dealt with: answered here, dropped, or put into the list in other words.</summary>
    Done,

    /// <summary>It cannot be handled yet; it stays where it is and the client is not read until something changes.</summary>
    Blocked,

    /// <summary>The names at its front are not all here: more bytes are needed.</summary>
    NeedsMore,

    /// <summary>The client was ended by it.</summary>
    Ended,
}
