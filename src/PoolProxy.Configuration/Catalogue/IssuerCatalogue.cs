using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>Every key of <c>[issuers.NAME]</c>.</summary>
public static class IssuerCatalogue
{
    /// <summary>The settings, in the order of conf/pool.toml.</summary>
    public static IReadOnlyList<Setting<IssuerSettings>> Settings { get; } =
    [
        // Whose tokens
        Setting<IssuerSettings>.Of("type", IssuerKinds.Type, model => model.Type, (model, value) => model with { Type = value }),
        Setting<IssuerSettings>.Of("issuer", Kinds.RequiredText, model => model.Issuer, (model, value) => model with { Issuer = value }, isRequired: true),
        Setting<IssuerSettings>.Of("audience", IssuerKinds.RequiredList, model => model.Audience, (model, value) => model with { Audience = value }, isRequired: true),
        Setting<IssuerSettings>.Of("algorithms", IssuerKinds.Algorithms, model => model.Algorithms, (model, value) => model with { Algorithms = value }),
        Setting<IssuerSettings>.Of("required_type", IssuerKinds.List, model => model.RequiredType, (model, value) => model with { RequiredType = value }),
        Setting<IssuerSettings>.Of("oauth_scope", IssuerKinds.Scope, model => model.OauthScope, (model, value) => model with { OauthScope = value }),

        // Keys
        Setting<IssuerSettings>.Optional("jwks_file", Kinds.RequiredPath, model => model.JwksFile, (model, value) => model with { JwksFile = value }),
        Setting<IssuerSettings>.Optional("jwks_url", Kinds.RequiredText, model => model.JwksUrl, (model, value) => model with { JwksUrl = value }),
        Setting<IssuerSettings>.Optional("ca_file", Kinds.RequiredPath, model => model.CaFile, (model, value) => model with { CaFile = value }),
        Setting<IssuerSettings>.Of("allow_http", Kinds.Boolean, model => model.AllowHttp, (model, value) => model with { AllowHttp = value }),
        Setting<IssuerSettings>.Of("jwks_refresh_interval", Kinds.Between(TimeSpan.FromSeconds(10), TimeSpan.FromDays(7)), model => model.JwksRefreshInterval, (model, value) => model with { JwksRefreshInterval = value }),
        Setting<IssuerSettings>.Of("jwks_forced_refresh_interval", Kinds.Between(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), model => model.JwksForcedRefreshInterval, (model, value) => model with { JwksForcedRefreshInterval = value }),
        Setting<IssuerSettings>.Of("jwks_max_stale", Kinds.Between(TimeSpan.Zero, TimeSpan.FromDays(30)), model => model.JwksMaxStale, (model, value) => model with { JwksMaxStale = value }),
        Setting<IssuerSettings>.Of("jwks_timeout", Kinds.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60)), model => model.JwksTimeout, (model, value) => model with { JwksTimeout = value }),
        Setting<IssuerSettings>.Of("jwks_max_bytes", new IntegerKind(1024, 1024 * 1024), model => model.JwksMaxBytes, (model, value) => model with { JwksMaxBytes = value }),

        // Opaque tokens
        Setting<IssuerSettings>.Optional("introspection_url", Kinds.RequiredText, model => model.IntrospectionUrl, (model, value) => model with { IntrospectionUrl = value }),
        Setting<IssuerSettings>.Of("introspection_client_id", Kinds.Text, model => model.IntrospectionClientId, (model, value) => model with { IntrospectionClientId = value }),
        Setting<IssuerSettings>.Optional("introspection_secret_file", Kinds.RequiredPath, model => model.IntrospectionSecretFile, (model, value) => model with { IntrospectionSecretFile = value }),
        Setting<IssuerSettings>.Optional("introspection_secret_env", Kinds.RequiredText, model => model.IntrospectionSecretEnv, (model, value) => model with { IntrospectionSecretEnv = value }),
        Setting<IssuerSettings>.Optional("introspection_key_file", Kinds.RequiredPath, model => model.IntrospectionKeyFile, (model, value) => model with { IntrospectionKeyFile = value }),
        Setting<IssuerSettings>.Of("introspection_key_id", Kinds.Text, model => model.IntrospectionKeyId, (model, value) => model with { IntrospectionKeyId = value }),
        Setting<IssuerSettings>.Of("introspection_ttl", Kinds.Between(TimeSpan.Zero, TimeSpan.FromHours(1)), model => model.IntrospectionTtl, (model, value) => model with { IntrospectionTtl = value }),
        Setting<IssuerSettings>.Of("introspection_negative_ttl", Kinds.Between(TimeSpan.Zero, TimeSpan.FromSeconds(60)), model => model.IntrospectionNegativeTtl, (model, value) => model with { IntrospectionNegativeTtl = value }),
        Setting<IssuerSettings>.Of("introspection_timeout", Kinds.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60)), model => model.IntrospectionTimeout, (model, value) => model with { IntrospectionTimeout = value }),
        Setting<IssuerSettings>.Of("introspection_concurrency", new IntegerKind(1, 64), model => model.IntrospectionConcurrency, (model, value) => model with { IntrospectionConcurrency = value }),

        Setting<IssuerSettings>.Of("introspection_format", IssuerKinds.Format, model => model.IntrospectionFormat, (model, value) => model with { IntrospectionFormat = value }),
        Setting<IssuerSettings>.Optional("introspection_headers_file", Kinds.RequiredPath, model => model.IntrospectionHeadersFile, (model, value) => model with { IntrospectionHeadersFile = value }),
        Setting<IssuerSettings>.Of("token_prefix", IssuerKinds.Prefix, model => model.TokenPrefix, (model, value) => model with { TokenPrefix = value }),

        // SAML
        Setting<IssuerSettings>.Optional("saml_cert_file", Kinds.RequiredPath, model => model.SamlCertFile, (model, value) => model with { SamlCertFile = value }),
        Setting<IssuerSettings>.Of("saml_recipient", IssuerKinds.List, model => model.SamlRecipient, (model, value) => model with { SamlRecipient = value }),

        // Security events
        Setting<IssuerSettings>.Optional("events_audience", Kinds.RequiredText, model => model.EventsAudience, (model, value) => model with { EventsAudience = value }),
        Setting<IssuerSettings>.Optional("events_token_file", Kinds.RequiredPath, model => model.EventsTokenFile, (model, value) => model with { EventsTokenFile = value }),

        // Bounds of a token
        Setting<IssuerSettings>.Of("clock_skew", Kinds.Between(TimeSpan.Zero, TimeSpan.FromSeconds(300)), model => model.ClockSkew, (model, value) => model with { ClockSkew = value }),
        Setting<IssuerSettings>.Of("token_expiry_grace", Kinds.Between(TimeSpan.Zero, TimeSpan.FromDays(1)), model => model.TokenExpiryGrace, (model, value) => model with { TokenExpiryGrace = value }),
        Setting<IssuerSettings>.Of("max_token_lifetime", Kinds.Timeout, model => model.MaxTokenLifetime, (model, value) => model with { MaxTokenLifetime = value }),
        Setting<IssuerSettings>.Of("max_token_bytes", new IntegerKind(1024, 64 * 1024), model => model.MaxTokenBytes, (model, value) => model with { MaxTokenBytes = value }),
        Setting<IssuerSettings>.Of("require_bound_tokens", Kinds.Boolean, model => model.RequireBoundTokens, (model, value) => model with { RequireBoundTokens = value }),

        // What is taken from it
        Setting<IssuerSettings>.Of("expose_claims", IssuerKinds.ExposedClaims, model => model.ExposeClaims, (model, value) => model with { ExposeClaims = value }),
        Setting<IssuerSettings>.Of("name_claim", IssuerKinds.RequiredList, model => model.NameClaim, (model, value) => model with { NameClaim = value }),
        Setting<IssuerSettings>.Optional("limits_claim", Kinds.RequiredText, model => model.LimitsClaim, (model, value) => model with { LimitsClaim = value }),
    ];
}
