namespace PoolProxy.Configuration.Hba;

/// <summary>The first word of a line: which connections it is for.</summary>
public enum HbaConnection
{
    /// <summary><c>local</c>: the Unix socket.</summary>
    Local,

    /// <summary><c>host</c>: TCP, with TLS or without.</summary>
    Host,

    /// <summary><c>hostssl</c>: TCP with TLS.</summary>
    HostSsl,

    /// <summary><c>hostnossl</c>: TCP without TLS.</summary>
    HostNoSsl,

    /// <summary><c>hostgssenc</c>: TCP with GSSAPI encryption, which the proxy never offers: none. What stands behind it is checked all the same.</summary>
    HostGssEnc,

    /// <summary><c>hostnogssenc</c>: TCP without GSSAPI encryption: as <see cref="Host"/>.</summary>
    HostNoGssEnc,
}
