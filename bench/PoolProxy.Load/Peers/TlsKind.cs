namespace PoolProxy.Load.Peers;

/// <summary>What clients speak to the proxy, and with which key in the proxy's certificate.</summary>
internal enum TlsKind
{
    /// <summary>Clear text.</summary>
    Off,

    /// <summary>TLS 1.3 and an RSA key of 2048 bits.</summary>
    Rsa,

    /// <summary>TLS 1.3 and a P-256 key.</summary>
    EllipticCurve,
}
