namespace PoolProxy.Configuration.Model;

/// <summary>
/// One issuer whose tokens are taken: <c>[issuers.NAME]</c>. Its keys come from <see cref="JwksFile"/>, else <see cref="JwksUrl"/>, else by
/// discovery (OpenID Connect Discovery 1.0 §4, RFC 8414 §3).
/// </summary>
public sealed record IssuerSettings
{
    /// <summary>The section's name, which rules refer to.</summary>
    public required string Name { get; init; }

    /// <summary><c>issuer</c>: compared with the token's <c>iss</c> byte for byte; required.</summary>
    public required string Issuer { get; init; }

    /// <summary><c>audience</c>: one of these must be in the token's <c>aud</c>; at least one.</summary>
    public required IReadOnlyList<string> Audience { get; init; }

    /// <summary><c>algorithms</c>: of RS, PS and ES with 256, 384 or 512; default RS256 and ES256.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = ["RS256", "ES256"];

    /// <summary><c>oauth_scope</c>: what a client that comes by <c>oauth</c> without a token is told to ask the issuer for; default openid.</summary>
    public string OauthScope { get; init; } = "openid";

    /// <summary><c>events_audience</c>: what <c>aud</c> of its security events has to hold; null takes none.</summary>
    public string? EventsAudience { get; init; }

    /// <summary><c>events_token_file</c>: the bearer token by which its transmitter proves itself; null is none.</summary>
    public string? EventsTokenFile { get; init; }

    /// <summary><c>jwks_file</c>: a JWK set on disk; null is none.</summary>
    public string? JwksFile { get; init; }

    /// <summary><c>jwks_url</c>: where the JWK set is fetched; null is none.</summary>
    public string? JwksUrl { get; init; }

    /// <summary><c>ca_file</c>: the CAs that the issuer's HTTPS must chain to; null takes the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary><c>allow_http</c>: plain HTTP, to loopback addresses only.</summary>
    public bool AllowHttp { get; init; }

    /// <summary><c>expose_claims</c>: what SQL sees of the token, and part of the identity key. Never jti, iat, exp, nbf.</summary>
    public IReadOnlyList<string> ExposeClaims { get; init; } = ["sub", "email", "preferred_username", "groups", "role", "acr", "amr"];

    /// <summary><c>clock_skew</c>: how far the issuer's clock may be off; at most 300 s, default 30 s.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>token_expiry_grace</c>: how long a session lives on after its token's <c>exp</c>; default 60 s.</summary>
    public TimeSpan TokenExpiryGrace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>max_token_lifetime</c>: the longest <c>exp - iat</c> taken; default 24 h, zero is unlimited.</summary>
    public TimeSpan MaxTokenLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary><c>max_token_bytes</c>: the longest token read; 1 KiB to 64 KiB, default 16 KiB.</summary>
    public int MaxTokenBytes { get; init; } = 16 * 1024;

    /// <summary><c>required_type</c>: the header's <c>typ</c> must be one of these (RFC 8725 §3.11); empty takes JWT, at+jwt or none.</summary>
    public IReadOnlyList<string> RequiredType { get; init; } = [];

    /// <summary><c>require_bound_tokens</c>: tokens must be bound to a client certificate (<c>cnf</c> with <c>x5t#S256</c>, RFC 8705); off by default, and a token that is bound is held to it all the same.</summary>
    public bool RequireBoundTokens { get; init; }

    /// <summary><c>name_claim</c>: the person's own name, accepted as the startup user: any of these claims.</summary>
    public IReadOnlyList<string> NameClaim { get; init; } = ["preferred_username", "email", "sub"];

    /// <summary><c>limits_claim</c>: the claim, dotted where it is nested, that holds limits of the token's own, with the names that rules have; null: none does.</summary>
    public string? LimitsClaim { get; init; }

    /// <summary><c>introspection_url</c>: where the issuer is asked about opaque tokens (RFC 7662); null: they are refused.</summary>
    public string? IntrospectionUrl { get; init; }

    /// <summary><c>introspection_client_id</c>: the proxy's own name at the issuer.</summary>
    public string IntrospectionClientId { get; init; } = "";

    /// <summary><c>introspection_secret_file</c>: a file with the proxy's own secret; null is none.</summary>
    public string? IntrospectionSecretFile { get; init; }

    /// <summary><c>introspection_secret_env</c>: the environment variable with the proxy's own secret; null is none.</summary>
    public string? IntrospectionSecretEnv { get; init; }

    /// <summary><c>introspection_key_file</c>: a private key, PEM, that the proxy proves itself with instead (private_key_jwt, RFC 7523); null is none.</summary>
    public string? IntrospectionKeyFile { get; init; }

    /// <summary><c>introspection_key_id</c>: the <c>kid</c> that the issuer knows that key by; empty sends none.</summary>
    public string IntrospectionKeyId { get; init; } = "";

    /// <summary><c>introspection_ttl</c>: how long an answer serves, the token's <c>exp</c> at most; at most 1 h, default 60 s.</summary>
    public TimeSpan IntrospectionTtl { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>introspection_negative_ttl</c>: how long it is remembered that a token is not active; at most 60 s, default 5 s.</summary>
    public TimeSpan IntrospectionNegativeTtl { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>introspection_timeout</c>: one question, waiting for its turn included; 100 ms to 60 s, default 5 s.</summary>
    public TimeSpan IntrospectionTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>introspection_concurrency</c>: questions under way at the same time; 1 to 64, default 8.</summary>
    public int IntrospectionConcurrency { get; init; } = 8;

    /// <summary><c>jwks_refresh_interval</c>: how often the keys are fetched again; at least 10 s, default 15 min.</summary>
    public TimeSpan JwksRefreshInterval { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary><c>jwks_forced_refresh_interval</c>: the least time between two fetches for an unknown key id; at least 1 s, default 30 s.</summary>
    public TimeSpan JwksForcedRefreshInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>jwks_max_stale</c>: how long the last keys serve while the issuer cannot be reached; default 24 h, zero is not at all.</summary>
    public TimeSpan JwksMaxStale { get; init; } = TimeSpan.FromHours(24);

    /// <summary><c>jwks_timeout</c>: one fetch, connection to last byte; 100 ms to 60 s, default 5 s.</summary>
    public TimeSpan JwksTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary><c>jwks_max_bytes</c>: the longest document read; 1 KiB to 1 MiB, default 64 KiB.</summary>
    public int JwksMaxBytes { get; init; } = 64 * 1024;

    /// <summary><c>type</c>: <c>jwt</c> (default), <c>saml</c> or <c>verifier</c>.</summary>
    public IssuerType Type { get; init; }

    /// <summary><c>saml_cert_file</c>: the identity provider's certificates, PEM, of which any may have signed; null is none. For <c>saml</c> only, and there required.</summary>
    public string? SamlCertFile { get; init; }

    /// <summary><c>saml_recipient</c>: one of these must be the recipient of the assertion's bearer confirmation. For <c>saml</c> only, and there required.</summary>
    public IReadOnlyList<string> SamlRecipient { get; init; } = [];

    /// <summary><c>token_prefix</c>: opaque tokens that begin so are this issuer's, the longest prefix before others; empty (default) takes those that nobody else does.</summary>
    public string TokenPrefix { get; init; } = "";

    /// <summary><c>introspection_format</c>: how a question is put: <c>form</c> (RFC 7662, the default) or <c>json</c>.</summary>
    public IntrospectionFormat IntrospectionFormat { get; init; }

    /// <summary><c>introspection_headers_file</c>: headers that go with each question, a line each; null is none.</summary>
    public string? IntrospectionHeadersFile { get; init; }
}
