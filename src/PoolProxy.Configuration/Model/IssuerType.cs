namespace PoolProxy.Configuration.Model;

/// <summary>What an issuer issues, and so how its proofs are checked.</summary>
public enum IssuerType
{
    /// <summary><c>jwt</c>: signed tokens, and opaque ones where <c>introspection_url</c> says whom to ask. The default.</summary>
    Jwt,

    /// <summary><c>saml</c>: SAML 2.0 assertions.</summary>
    Saml,

    /// <summary><c>verifier</c>: anything; an HTTP endpoint is asked what it means.</summary>
    Verifier,
}
