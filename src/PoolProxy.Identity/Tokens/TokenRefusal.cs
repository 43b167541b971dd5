namespace PoolProxy.Identity.Tokens;

/// <summary>The check that a token failed. For logs, metrics, audit and <c>explain</c>; the client hears the same of all of them (28P01).</summary>
public enum TokenRefusal
{
    /// <summary>Longer than <c>max_token_bytes</c>; nothing of it was looked at.</summary>
    TooLong,

    /// <summary>Not three parts between two dots (RFC 7515 §7.1).</summary>
    NotThreeParts,

    /// <summary>Five parts: a JWE. Never decrypted, so a compressed one cannot unfold (CVE-2024-21319).</summary>
    Encrypted,

    /// <summary>A part is not strict base64url: padding, white space, other letters, spare bits.</summary>
    NotBase64Url,

    /// <summary>A part holds bytes that are no UTF-8.</summary>
    NotUtf8,

    /// <summary>A string holds NUL or half a surrogate pair.</summary>
    BadText,

    /// <summary>More than 16 objects and arrays within each other.</summary>
    TooDeep,

    /// <summary>A part is no JSON.</summary>
    NotJson,

    /// <summary>A header or claim is named twice.</summary>
    DuplicateName,

    /// <summary>A part is JSON but no object.</summary>
    NotAnObject,

    /// <summary><c>alg</c>, <c>kid</c>, <c>typ</c> or <c>cty</c> is missing, no string, empty or too long.</summary>
    HeaderMalformed,

    /// <summary><c>crit</c> asks for an extension; none is supported (RFC 7515 §4.1.11).</summary>
    CriticalExtension,

    /// <summary><c>jku</c>, <c>x5u</c> or <c>jwk</c> offers a key: keys come from the configured issuer only (RFC 8725 §3.10).</summary>
    KeyInHeader,

    /// <summary><c>zip</c> or <c>b64</c>: another reading of the payload than the plain one.</summary>
    PayloadEncoding,

    /// <summary><c>cty</c> says that the payload is another token (RFC 7519 §5.2).</summary>
    NestedToken,

    /// <summary><c>alg</c> is <c>none</c>, an HMAC or anything else that is never checked here.</summary>
    AlgorithmUnsupported,

    /// <summary><c>alg</c> is not in the issuer's <c>algorithms</c>.</summary>
    AlgorithmNotAllowed,

    /// <summary><c>typ</c> is not what the issuer's tokens must have (RFC 8725 §3.11).</summary>
    WrongType,

    /// <summary>No <c>iss</c>, or no string.</summary>
    IssuerMissing,

    /// <summary><c>iss</c> equals no configured issuer.</summary>
    IssuerUnknown,

    /// <summary>The issuer has no key of that <c>kid</c>, asked just now or lately.</summary>
    KeyUnknown,

    /// <summary>No key of that <c>kid</c> is known, and the issuer could not be asked lately: it may have one.</summary>
    KeyNotFetched,

    /// <summary>The key of that <c>kid</c> is for another algorithm, type or curve.</summary>
    KeyMismatch,

    /// <summary>No <c>kid</c> and several keys that fit, or several keys of one <c>kid</c>.</summary>
    KeyAmbiguous,

    /// <summary>The issuer's keys could not be had, or are older than <c>jwks_max_stale</c>.</summary>
    KeysUnavailable,

    /// <summary>The signature is not the key's.</summary>
    SignatureInvalid,

    /// <summary>No <c>exp</c>.</summary>
    ExpiryMissing,

    /// <summary><c>exp</c>, <c>nbf</c> or <c>iat</c> is no whole number of seconds between 1970 and 9999.</summary>
    DateMalformed,

    /// <summary><c>exp</c> has passed, skew included.</summary>
    Expired,

    /// <summary><c>nbf</c> is still to come, skew included.</summary>
    NotYetValid,

    /// <summary><c>iat</c> is still to come, skew included.</summary>
    IssuedInFuture,

    /// <summary>Valid for longer than <c>max_token_lifetime</c>.</summary>
    LifetimeTooLong,

    /// <summary>No <c>aud</c>.</summary>
    AudienceMissing,

    /// <summary><c>aud</c> is neither a string nor an array of strings.</summary>
    AudienceMalformed,

    /// <summary>None of the issuer's <c>audience</c> is in <c>aud</c>.</summary>
    AudienceWrong,

    /// <summary>No <c>sub</c>: nobody to be.</summary>
    SubjectMissing,

    /// <summary><c>sub</c> or <c>jti</c> is no string, empty, too long, or holds control characters.</summary>
    SubjectMalformed,

    /// <summary>The issuer says that the token is not active: unknown, expired or revoked (RFC 7662 §2.2).</summary>
    Inactive,

    /// <summary>The issuer's answer about the token is not JSON within bounds, or has no <c>active</c>.</summary>
    IntrospectionMalformed,

    /// <summary>The issuer could not be asked about the token.</summary>
    IntrospectionFailed,

    /// <summary>Too many tokens wait for the issuer's answer already.</summary>
    IntrospectionBusy,

    /// <summary><c>cnf</c> is no object, is empty, or its <c>x5t#S256</c> is no SHA-256 in base64url.</summary>
    ConfirmationMalformed,

    /// <summary><c>cnf</c> asks for a proof that a session cannot give, such as DPoP's <c>jkt</c>.</summary>
    ConfirmationUnsupported,

    /// <summary>The issuer's tokens must be bound to a certificate (<c>require_bound_tokens</c>), and this one is not.</summary>
    ConfirmationMissing,

    /// <summary>The token is bound to a certificate, and the connection has shown none.</summary>
    CertificateMissing,

    /// <summary>The token is bound to another certificate than the connection has shown.</summary>
    CertificateMismatch,

    /// <summary>It was good, and an order of the proxy's has taken it back: by its <c>jti</c>, <c>sub</c>, <c>sid</c>, issuer or time of issue.</summary>
    Revoked,

    /// <summary>The claims to expose pass 16 KB or hold a number that PostgreSQL cannot take.</summary>
    ClaimsTooLarge,

    /// <summary>A SAML assertion is no base64 of well-formed XML in UTF-8.</summary>
    SamlNotXml,

    /// <summary>A document type (and so entities), a comment, a processing instruction or a CDATA section stands in an assertion.</summary>
    SamlForbiddenContent,

    /// <summary>The document's root is no SAML 2.0 assertion: a response around one is not taken, signed or not.</summary>
    SamlNotAnAssertion,

    /// <summary>Another assertion or a response is hidden in the assertion.</summary>
    SamlSeveralAssertions,

    /// <summary>Two elements have one ID.</summary>
    SamlDuplicateId,

    /// <summary>What an assertion must have is missing or there several times.</summary>
    SamlMalformed,

    /// <summary>The assertion has no signature.</summary>
    SamlUnsigned,

    /// <summary>There are several signatures, or the only one is not the assertion's own child.</summary>
    SamlSignatureMisplaced,

    /// <summary>The signature has other parts than one reference needs: several references, an Object, another canonicalization.</summary>
    SamlSignatureForm,

    /// <summary>The signature is over something else than the assertion.</summary>
    SamlReferenceElsewhere,

    /// <summary>Other transforms than enveloped-signature and exclusive canonicalization.</summary>
    SamlTransform,

    /// <summary>No bearer confirmation.</summary>
    SamlConfirmationMissing,

    /// <summary>The confirmation names another recipient.</summary>
    SamlRecipientWrong,

    /// <summary>A condition that is not known here.</summary>
    SamlConditionUnknown,

    /// <summary>An attribute has the name of a claim that the assertion itself decides, such as <c>sub</c>.</summary>
    SamlAttributeReserved,

    /// <summary>The assertion has been shown before.</summary>
    SamlUsed,

    /// <summary>More assertions are remembered as used than there may be, so that none can be taken until some are over.</summary>
    SamlMemoryFull,
}
