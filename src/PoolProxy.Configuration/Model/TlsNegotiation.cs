namespace PoolProxy.Configuration.Model;

/// <summary>How TLS with a server begins: <c>server_tls_sslnegotiation</c>, with libpq's words.</summary>
public enum TlsNegotiation
{
    /// <summary><c>postgres</c>: the server is asked by an SSLRequest.</summary>
    Postgres,

    /// <summary><c>direct</c>: with the first byte, as PostgreSQL 17 and newer take it. A round trip less.</summary>
    Direct,
}
