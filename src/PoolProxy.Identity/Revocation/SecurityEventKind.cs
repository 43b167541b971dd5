namespace PoolProxy.Identity.Revocation;

/// <summary>What a security event says (OpenID Shared Signals Framework 1.0, CAEP 1.0).</summary>
public enum SecurityEventKind
{
    /// <summary>CAEP <c>session-revoked</c>: a session, or all of a subject's, are over.</summary>
    SessionRevoked,

    /// <summary>CAEP <c>token-claims-change</c>: what tokens say is no longer so.</summary>
    TokenClaimsChange,

    /// <summary>CAEP <c>credential-change</c>: what a subject proves itself with was taken away or exchanged; a new one besides is no reason to end anything.</summary>
    CredentialChange,

    /// <summary>SSF <c>verification</c>: the transmitter tries whether events arrive.</summary>
    Verification,

    /// <summary>Another event: nothing follows from it here.</summary>
    Other,
}
