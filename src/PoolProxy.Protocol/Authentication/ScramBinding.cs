namespace PoolProxy.Protocol.Authentication;

/// <summary>What a SCRAM client says about channel binding, by its letter in the GS2 header. Source: RFC 5802 §6, RFC 5929 §4.</summary>
public enum ScramBinding : byte
{
    /// <summary>The client cannot bind: there is no TLS, or binding is turned off.</summary>
    Unable = (byte)'n',

    /// <summary>The client could bind but the server offered no -PLUS mechanism. A server that did offer one sees the downgrade.</summary>
    NotOffered = (byte)'y',

    /// <summary>Bound to the hash of the server's certificate (tls-server-end-point); needs the -PLUS mechanism.</summary>
    TlsServerEndPoint = (byte)'p',
}
