using System.Net;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Validation;

/// <summary>Issuers whose keys could not be had, or which cannot be told apart.</summary>
internal static class IssuerChecks
{
    public static void Check(ProxyConfiguration configuration, Findings findings)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var issuer in configuration.Issuers.Values)
        {
            if (!names.TryAdd(issuer.Issuer, issuer.Name))
                findings.Add($"[issuers.{names[issuer.Issuer]}] has the same issuer: a token could not tell which is meant", null, "issuers", issuer.Name, "issuer");
            CheckKeys(issuer, findings);
            CheckIntrospection(issuer, findings);
        }

        CheckPrefixes(configuration, findings);
    }

    // An opaque token does not say whose it is, and is a secret that others must not see: never is one after the other asked.
    private static void CheckPrefixes(ProxyConfiguration configuration, Findings findings)
    {
        var prefixes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var issuer in configuration.Issuers.Values)
        {
            if (issuer.IntrospectionUrl is null)
            {
                if (issuer.TokenPrefix.Length > 0)
                    findings.Add("token_prefix is for issuers that are asked about their tokens", "Set introspection_url.", "issuers", issuer.Name, "token_prefix");
            }
            else if (!prefixes.TryAdd(issuer.TokenPrefix, issuer.Name))
            {
                var same = prefixes[issuer.TokenPrefix];
                findings.Add(
                    issuer.TokenPrefix.Length == 0 ? $"[issuers.{same}] is asked about opaque tokens already: they do not say whose they are" : $"[issuers.{same}] has the same token_prefix",
                    "Set token_prefix to what the tokens of one of them begin with.", "issuers", issuer.Name, issuer.TokenPrefix.Length == 0 ? "introspection_url" : "token_prefix");
            }
        }
    }

    private static void CheckIntrospection(IssuerSettings issuer, Findings findings)
    {
        void Add(string message, string? hint, string key) => findings.Add(message, hint, "issuers", issuer.Name, key);
        string? proof = issuer.IntrospectionSecretFile is not null ? "introspection_secret_file" : issuer.IntrospectionSecretEnv is not null ? "introspection_secret_env"
            : issuer.IntrospectionKeyFile is not null ? "introspection_key_file" : null;
        if (issuer.IntrospectionUrl is not { } url)
        {
            if (issuer.Type == IssuerType.Verifier) Add("type verifier needs somebody to ask", "Set introspection_url.", "type");
            else if (proof is not null || issuer.IntrospectionClientId.Length > 0) Add("without introspection_url nobody is asked", null, proof ?? "introspection_client_id");
            return;
        }

        if (Explain(url, issuer.AllowHttp) is { } reason) Add($"introspection_url: {reason}", null, "introspection_url");
        if (issuer.Type == IssuerType.Saml) Add("assertions say all by themselves: nobody is asked about them", null, "introspection_url");
        // A verifier of one's own may know the proxy by a header, or by the network that it is in.
        if (issuer.Type == IssuerType.Verifier && proof is null && issuer.IntrospectionClientId.Length == 0) return;
        if (issuer.IntrospectionClientId.Length == 0) Add("introspection_url needs introspection_client_id", "Register the proxy as a client of the issuer.", "introspection_url");
        var proofs = (issuer.IntrospectionSecretFile is null ? 0 : 1) + (issuer.IntrospectionSecretEnv is null ? 0 : 1) + (issuer.IntrospectionKeyFile is null ? 0 : 1);
        if (proofs != 1) Add("introspection_url needs one proof of who asks", "Set introspection_secret_file, introspection_secret_env or introspection_key_file.", "introspection_url");
    }

    private static void CheckSaml(IssuerSettings issuer, Findings findings)
    {
        if (issuer.SamlCertFile is null) findings.Add("type saml needs the provider's certificates", "Set saml_cert_file.", "issuers", issuer.Name, "type");
        if (issuer.SamlRecipient.Count == 0) findings.Add("type saml needs the recipient that assertions are for", "Set saml_recipient.", "issuers", issuer.Name, "type");
        if (!issuer.Algorithms.Any(name => name.StartsWith("RS", StringComparison.Ordinal)))
            findings.Add("assertions are signed by RS256, RS384 or RS512", null, "issuers", issuer.Name, "algorithms");
        if (issuer.RequireBoundTokens) findings.Add("an assertion cannot be bound to a certificate", null, "issuers", issuer.Name, "require_bound_tokens");
    }

    private static void CheckKeys(IssuerSettings issuer, Findings findings)
    {
        if (issuer.Type != IssuerType.Saml && (issuer.SamlCertFile is not null || issuer.SamlRecipient.Count > 0))
            findings.Add("the keys that begin with saml_ are for type saml", null, "issuers", issuer.Name, issuer.SamlCertFile is not null ? "saml_cert_file" : "saml_recipient");
        if (issuer.Type != IssuerType.Jwt && (issuer.JwksFile ?? issuer.JwksUrl) is not null)
            findings.Add("keys in the form of a JWK set are for type jwt", null, "issuers", issuer.Name, issuer.JwksFile is not null ? "jwks_file" : "jwks_url");
        if (issuer.Type == IssuerType.Saml) CheckSaml(issuer, findings);
        if (issuer.Type != IssuerType.Jwt) return;
        if (issuer.JwksFile is not null)
        {
            if (issuer.JwksUrl is not null) findings.Add("jwks_file and jwks_url exclude one another", null, "issuers", issuer.Name, "jwks_url");
            if (issuer.CaFile is not null) findings.Add("ca_file is for fetching keys, and jwks_file needs none", null, "issuers", issuer.Name, "ca_file");
            return;
        }
        var (url, key) = issuer.JwksUrl is { } given ? (given, "jwks_url") : (issuer.Issuer, "issuer");
        if (Explain(url, issuer.AllowHttp) is { } reason)
            findings.Add($"{key}: {reason}", key == "issuer" ? "Keys by discovery need the issuer's URL; else set jwks_url or jwks_file." : null, "issuers", issuer.Name, key);
    }

    private static string? Explain(string url, bool allowHttp)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Host.Length == 0) return "not a URL";
        if (parsed.UserInfo.Length > 0 || parsed.Fragment.Length > 0) return "a URL without user and fragment is needed";
        return parsed.Scheme switch
        {
            "https" => null,
            "http" when !allowHttp => "the issuer is asked over https only; allow_http admits loopback addresses",
            "http" => IsLoopback(parsed) ? null : "allow_http admits loopback addresses only",
            _ => "the issuer is asked over https only",
        };
    }

    // The name localhost as well (RFC 6761 §6.3); whoever fetches must still look at the address it resolves to.
    private static bool IsLoopback(Uri url) =>
        url.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
