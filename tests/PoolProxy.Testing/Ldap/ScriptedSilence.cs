namespace PoolProxy.Testing.Ldap;

/// <summary>From where on a scripted directory says nothing more.</summary>
public enum ScriptedSilence
{
    /// <summary>It answers everything.</summary>
    Never,

    /// <summary>It does not answer the first bytes of TLS.</summary>
    Handshake,

    /// <summary>It does not answer StartTLS.</summary>
    StartTls,

    /// <summary>It does not answer binds.</summary>
    Bind,

    /// <summary>It does not answer searches.</summary>
    Search,
}
