using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Validation;

/// <summary>Orders that would be forgotten while tokens that they are about are still good.</summary>
internal static class RevocationChecks
{
    public static void Check(ProxyConfiguration configuration, Findings findings)
    {
        var keep = configuration.Revocation.Keep;
        if (keep > TimeSpan.Zero && configuration.Issuers.Values.FirstOrDefault(issuer => issuer.MaxTokenLifetime + issuer.ClockSkew > keep) is { } longer)
            findings.Add($"keep is shorter than the tokens of {longer.Name} may live", "Leave it out: orders are then kept as long as the issuers' max_token_lifetime and clock_skew ask for.", "revocation", "keep");
    }
}
