namespace PoolProxy.Core.Transport;

/// <summary>What a <see cref="ColdRead"/> is about.</summary>
internal enum ColdReadKind
{
    /// <summary>Nobody reads.</summary>
    None,

    /// <summary>The next byte, which stays unread.</summary>
    Peek,

    /// <summary>The next byte alone.</summary>
    Byte,

    /// <summary>A packet of the startup: a length and a body of four bytes or more.</summary>
    Startup,

    /// <summary>A message: a type byte, a length and a body.</summary>
    Message,
}
