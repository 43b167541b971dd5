namespace PoolProxy.Identity.Revocation;

/// <summary>Why a security event token is not taken. The names are those of RFC 8935 §2.4, in its spelling <c>invalid_request</c> and so on.</summary>
public enum SecurityEventFault
{
    /// <summary>It cannot be read as one, says nothing, or is about a subject that cannot be found here.</summary>
    InvalidRequest,

    /// <summary>Its key is not the issuer's, or its signature not the key's.</summary>
    InvalidKey,

    /// <summary>It is another issuer's.</summary>
    InvalidIssuer,

    /// <summary>It is meant for somebody else.</summary>
    InvalidAudience,

    /// <summary>The issuer may not speak about that subject.</summary>
    AccessDenied,
}
