using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Validation;

/// <summary>Orders that would be forgotten while tokens that they are about are still good.</summary>
internal static class RevocationChecks
{
    public static void Check(ProxyConfiguration configuration, Findings findings)
    {
        foreach (var issuer in configuration.Issuers.Values)
        {
            if (issuer.EventsAudience is null != issuer.EventsTokenFile is null)
                findings.Add("events_audience and events_token_file go together", null, "issuers", issuer.Name, issuer.EventsAudience is null ? "events_token_file" : "events_audience");
            else if (issuer.EventsAudience is not null && !configuration.Http.IsOn)
                findings.Add("events arrive by the listener of [http], which is off", "Set listen_port in [http].", "issuers", issuer.Name, "events_audience");
        }

        var keep = configuration.Revocation.Keep;
        if (keep > TimeSpan.Zero && configuration.Issuers.Values.FirstOrDefault(issuer => issuer.MaxTokenLifetime + issuer.ClockSkew > keep) is { } longer)
            findings.Add($"keep is shorter than the tokens of {longer.Name} may live", "Leave it out: orders are then kept as long as the issuers' max_token_lifetime and clock_skew ask for.", "revocation", "keep");
    }
}
