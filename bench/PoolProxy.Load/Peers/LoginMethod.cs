namespace PoolProxy.Load.Peers;

/// <summary>How clients enter a proxy.</summary>
internal enum LoginMethod
{
    /// <summary>By name alone.</summary>
    Trust,

    /// <summary>SCRAM-SHA-256; the proxy holds the verifier.</summary>
    Scram,

    /// <summary>A signed token as the password. PoolProxy only.</summary>
    Token,
}
