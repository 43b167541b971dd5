using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>Every key of <c>[http]</c>. Only the certificate's contents change while it listens.</summary>
public static class HttpCatalogue
{
    /// <summary>The settings, in the order of conf/pool.toml.</summary>
    public static IReadOnlyList<Setting<HttpSettings>> Settings { get; } =
    [
        Setting<HttpSettings>.Of("listen_addr", Kinds.ListenAddresses, model => model.ListenAddr, (model, value) => model with { ListenAddr = value }, needsRestart: true),
        Setting<HttpSettings>.Of("listen_port", new IntegerKind(0, 65535), model => model.ListenPort, (model, value) => model with { ListenPort = value }, needsRestart: true),
        Setting<HttpSettings>.Optional("tls_cert_file", Kinds.RequiredPath, model => model.TlsCertFile, (model, value) => model with { TlsCertFile = value }, needsRestart: true),
        Setting<HttpSettings>.Optional("tls_key_file", Kinds.RequiredPath, model => model.TlsKeyFile, (model, value) => model with { TlsKeyFile = value }, needsRestart: true),
        Setting<HttpSettings>.Of("allow_clear_text", Kinds.Boolean, model => model.AllowClearText, (model, value) => model with { AllowClearText = value }, needsRestart: true),
        Setting<HttpSettings>.Of("max_connections", new IntegerKind(1, 10_000), model => model.MaxConnections, (model, value) => model with { MaxConnections = value }, needsRestart: true),
        Setting<HttpSettings>.Of("max_body_bytes", new IntegerKind(1024, 1024 * 1024), model => model.MaxBodyBytes, (model, value) => model with { MaxBodyBytes = value }, needsRestart: true),
        Setting<HttpSettings>.Of("metrics", Kinds.Boolean, model => model.Metrics, (model, value) => model with { Metrics = value }, needsRestart: true),
        Setting<HttpSettings>.Of("request_timeout", Kinds.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60)), model => model.RequestTimeout, (model, value) => model with { RequestTimeout = value }, needsRestart: true),
    ];
}
