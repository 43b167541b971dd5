namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>What reading a StartupMessage came to. All but <see cref="Accepted"/> and <see cref="Negotiate"/> end the connection.</summary>
public enum StartupResult : byte
{
    /// <summary>A version and options that need no further talk.</summary>
    Accepted,

    /// <summary>Acceptable, but the client must be told with NegotiateProtocolVersion that its minor version or a <c>_pq_.</c> option is not known here.</summary>
    Negotiate,

    /// <summary>Shorter than a version or longer than the bound: 08P01 "invalid length of startup packet".</summary>
    InvalidLength,

    /// <summary>A major version other than 3: 0A000, text from <see cref="StartupMessage.UnsupportedVersionText"/>.</summary>
    UnsupportedVersion,

    /// <summary>A name or value without terminator, or bytes behind the last one: 08P01 "invalid startup packet layout: expected terminator as last byte".</summary>
    InvalidLayout,

    /// <summary>No <c>user</c>, or an empty one: 28000 "no PostgreSQL user name specified in startup packet".</summary>
    NoUser,
}
