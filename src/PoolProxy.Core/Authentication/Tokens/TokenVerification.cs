using PoolProxy.Identity.Tokens;

namespace PoolProxy.Core.Authentication.Tokens;

/// <summary>What a token proves: it is read, its issuer found, and its signature and claims checked by that one's keys, or the issuer is asked. On a worker.</summary>
internal static class TokenVerification
{
    /// <summary>Accepted or Refused: a key that stays unknown is a refusal.</summary>
    public static async Task<TokenVerdict> RunAsync(TokenPlan plan, ReadOnlyMemory<byte> text, TokenDigest digest, DateTimeOffset now)
    {
        if (plan.FindIntrospector(text.Span, byPrefixOnly: true) is { } known)
        {
            return await known.VerifyAsync(text, digest, now);
        }

        if (!TokenReader.TryRead(text, plan.MaxTokenBytes, out UnverifiedToken? token, out TokenRefusal refusal))
        {
            // An assertion is shown to nobody else, whatever there is to ask.
            return refusal != TokenRefusal.NotThreeParts ? new TokenVerdict.Refused(refusal)
                : plan.Saml.IsFor(text.Span) ? plan.Saml.Judge(text.Span, now)
                : plan.FindIntrospector(text.Span, byPrefixOnly: false) is { } introspector ? await introspector.VerifyAsync(text, digest, now)
                : new TokenVerdict.Refused(refusal);
        }

        if (!plan.ByIssuer.TryGetValue(token.Issuer, out PlannedIssuer? issuer))
        {
            return new TokenVerdict.Refused(TokenRefusal.IssuerUnknown);
        }

        string name = issuer.Policy.Name;
        if (await issuer.Keys.GetAsync() is not { } keys)
        {
            return new TokenVerdict.Refused(TokenRefusal.KeysUnavailable, name);
        }

        TokenVerdict verdict = TokenValidator.Validate(token, issuer.Policy, keys, now);
        if (verdict is TokenVerdict.KeyUnknown unknown && await issuer.Keys.GetForUnknownKeyAsync(unknown.KeyId, keys) is { } newer
            && !ReferenceEquals(newer, keys))
        {
            verdict = TokenValidator.Validate(token, issuer.Policy, newer, now);
        }

        return verdict is TokenVerdict.KeyUnknown ? new TokenVerdict.Refused(issuer.Keys.LastFault is null ? TokenRefusal.KeyUnknown : TokenRefusal.KeyNotFetched, name) : verdict;
    }
}
