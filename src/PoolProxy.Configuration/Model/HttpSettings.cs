namespace PoolProxy.Configuration.Model;

/// <summary>The HTTP listener: <c>[http]</c>. Off unless it has a port, and nothing of it is loaded then.</summary>
public sealed record HttpSettings
{
    /// <summary><c>listen_addr</c>: addresses, host names or <c>*</c>; default 127.0.0.1.</summary>
    public IReadOnlyList<string> ListenAddr { get; init; } = ["127.0.0.1"];

    /// <summary><c>listen_port</c>: 1 to 65 535; 0 (default) is off.</summary>
    public int ListenPort { get; init; }

    /// <summary><c>tls_cert_file</c>: the certificate with its chain, PEM; null (default) speaks clear text.</summary>
    public string? TlsCertFile { get; init; }

    /// <summary><c>tls_key_file</c>: its private key, PEM.</summary>
    public string? TlsKeyFile { get; init; }

    /// <summary><c>allow_clear_text</c>: clear text beyond loopback, for a network that encrypts by itself. Default off.</summary>
    public bool AllowClearText { get; init; }

    /// <summary><c>max_connections</c>: connections at a time, further ones are closed at once; 1 to 10 000, default 100.</summary>
    public int MaxConnections { get; init; } = 100;

    /// <summary><c>max_body_bytes</c>: the longest body of a request; 1 KiB to 1 MiB, default 64 KiB.</summary>
    public int MaxBodyBytes { get; init; } = 64 * 1024;

    /// <summary><c>request_timeout</c>: one request, from its first byte to the end of its answer; 1 s to 60 s, default 10 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>metrics</c>: <c>GET /metrics</c> for Prometheus, to whoever asks: it says names of databases and logins. Default off.</summary>
    public bool Metrics { get; init; }

    /// <summary>Whether it listens at all.</summary>
    public bool IsOn => ListenPort > 0;

    /// <summary>Whether it speaks TLS.</summary>
    public bool IsTls => TlsCertFile is not null;
}
