namespace PoolProxy.Identity.Revocation;

/// <summary>What an order takes back.</summary>
public enum RevocationKind
{
    /// <summary>One token, by its <c>jti</c>.</summary>
    Token,

    /// <summary>Whatever a subject has and will get while the order holds.</summary>
    Subject,

    /// <summary>What was issued in one session at the issuer, by <c>sid</c>.</summary>
    Session,

    /// <summary>Every token of an issuer.</summary>
    Issuer,

    /// <summary>What was issued before a moment: of a subject, of an issuer, or of all. A token without <c>iat</c> counts as issued before.</summary>
    Before,
}
