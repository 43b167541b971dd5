using PoolProxy.Identity.Tokens;

namespace PoolProxy.Identity.Saml;

/// <summary>What became of an assertion.</summary>
public abstract record SamlVerdict
{
    private SamlVerdict()
    {
    }

    /// <summary>It proves what it claims, to whoever shows it first.</summary>
    /// <param name="Token">As a proven token: the subject is the NameID, the <c>jti</c> the assertion's ID.</param>
    /// <param name="RememberUntil">Until when its ID has to be remembered as used.</param>
    public sealed record Accepted(VerifiedToken Token, DateTimeOffset RememberUntil) : SamlVerdict;

    /// <summary>It proves nothing.</summary>
    /// <param name="Reason">The check that failed.</param>
    /// <param name="Issuer">The issuer's configured name; null while not known.</param>
    /// <param name="Subject">The NameID, only where the signature was good.</param>
    /// <param name="TokenId">The assertion's ID, on the same condition.</param>
    public sealed record Refused(TokenRefusal Reason, string? Issuer = null, string? Subject = null, string? TokenId = null) : SamlVerdict;
}
