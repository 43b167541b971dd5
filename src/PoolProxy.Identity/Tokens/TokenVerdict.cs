namespace PoolProxy.Identity.Tokens;

/// <summary>What became of a token: <see cref="Accepted"/>, <see cref="Refused"/> or <see cref="KeyUnknown"/>.</summary>
public abstract record TokenVerdict
{
    private TokenVerdict()
    {
    }

    /// <summary>The token proves what it claims.</summary>
    /// <param name="Token">The proven token.</param>
    public sealed record Accepted(VerifiedToken Token) : TokenVerdict;

    /// <summary>The token proves nothing. The client hears 28P01 and one text for every reason; the log hears the reason.</summary>
    /// <param name="Reason">The check that failed.</param>
    /// <param name="Issuer">The issuer's configured name; null while not known.</param>
    /// <param name="Subject"><c>sub</c>, only where the signature was good, so that nobody can write others' names into the log.</param>
    /// <param name="TokenId"><c>jti</c>, on the same condition.</param>
    public sealed record Refused(TokenRefusal Reason, string? Issuer = null, string? Subject = null, string? TokenId = null) : TokenVerdict;

    /// <summary>The key set at hand lacks the token's key. With a newer set the token may be accepted: ask the issuer, then judge again.</summary>
    /// <param name="Issuer">The issuer's configured name.</param>
    /// <param name="KeyId"><c>kid</c>, at most <see cref="TokenReader.MaxKeyIdCharacters"/> long; null where the token has none.</param>
    public sealed record KeyUnknown(string Issuer, string? KeyId) : TokenVerdict;
}
