namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>Whom a probe asks.</summary>
internal enum Who
{
    /// <summary>alice, of mallory's role: on the pool of one she is served by the session that mallory has left.</summary>
    Victim,

    /// <summary>wendy, of another role.</summary>
    Writer,

    /// <summary>The superuser, past the proxy.</summary>
    Administrator,
}
