namespace PoolProxy.Protocol.Authentication;

/// <summary>Why a client's OAUTHBEARER message is none (RFC 7628 §3.1). For logs and audit; the client hears one text of all but <see cref="NotBearer"/>.</summary>
public enum OAuthBearerFault
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>No byte at all.</summary>
    Empty,

    /// <summary>The GS2 header does not begin with <c>n,</c> or <c>y,</c> (RFC 5801 §4).</summary>
    HeaderMalformed,

    /// <summary>The flag <c>p</c>: the mechanism has no channel binding.</summary>
    ChannelBinding,

    /// <summary><c>a=</c>: an authorization identity, which PostgreSQL does not take either; the startup packet has the user.</summary>
    AuthorizationIdentity,

    /// <summary>The separator behind the GS2 header is missing.</summary>
    SeparatorMissing,

    /// <summary>A pair, or the list of them, is not ended by a separator.</summary>
    Unterminated,

    /// <summary>A key without <c>=</c>, or with anything but letters in it.</summary>
    KeyMalformed,

    /// <summary>A value with a byte that is neither visible ASCII nor white space.</summary>
    ValueMalformed,

    /// <summary>No <c>auth</c>.</summary>
    AuthMissing,

    /// <summary><c>auth</c> twice.</summary>
    AuthTwice,

    /// <summary>Bytes behind the end of the list.</summary>
    TrailingBytes,

    /// <summary>Well formed, but <c>auth</c> is no bearer token (RFC 6750 §2.1): refused as a token is.</summary>
    NotBearer,
}
