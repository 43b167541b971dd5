namespace PoolProxy.Configuration.Model;

/// <summary>Where a token is taken from a client without TLS: <c>token_without_tls</c>.</summary>
public enum TokenWithoutTls
{
    /// <summary><c>refuse</c>: nowhere.</summary>
    Refuse,

    /// <summary><c>unix</c>: on Unix sockets.</summary>
    Unix,

    /// <summary><c>loopback</c>: on Unix sockets and from loopback addresses.</summary>
    Loopback,
}
