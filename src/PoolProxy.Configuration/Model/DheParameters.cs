namespace PoolProxy.Configuration.Model;

/// <summary>Finite-field Diffie-Hellman for clients: <c>client_tls_dheparams</c>. PgBouncer's <c>legacy</c> (1024 bits) is refused by name.</summary>
public enum DheParameters
{
    /// <summary><c>auto</c>: parameters of at least 2048 bits, chosen by the TLS library.</summary>
    Auto,

    /// <summary><c>none</c>: no finite-field Diffie-Hellman.</summary>
    None,
}
