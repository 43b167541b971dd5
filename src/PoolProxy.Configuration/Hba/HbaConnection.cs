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
}
