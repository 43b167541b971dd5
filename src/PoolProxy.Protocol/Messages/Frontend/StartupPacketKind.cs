namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>Which of the messages without a type byte a packet is.</summary>
public enum StartupPacketKind : byte
{
    /// <summary>Shorter than the code it must begin with, or one of the requests with a length it cannot have (08P01).</summary>
    Malformed,

    /// <summary>A StartupMessage of some protocol version; <see cref="StartupMessage.TryRead"/> says whether it is one to serve.</summary>
    StartupMessage,

    /// <summary>The client asks for TLS; answered by one byte, <c>S</c> or <c>N</c>. What it sent behind it in clear must be refused.</summary>
    SSLRequest,

    /// <summary>The client asks for GSSAPI encryption; answered by one byte, <c>G</c> or <c>N</c>.</summary>
    GSSENCRequest,

    /// <summary>The client asks to cancel another connection's query; never answered.</summary>
    CancelRequest,
}
