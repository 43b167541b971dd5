namespace PoolProxy.Configuration.Model;

/// <summary>Whether SCRAM logins at servers are bound to the TLS connection: <c>server_tls_channel_binding</c>.</summary>
public enum ChannelBindingMode
{
    /// <summary><c>prefer</c>: where the server offers it.</summary>
    Prefer,

    /// <summary><c>require</c>: no login without it, whatever the server asks for instead.</summary>
    Require,

    /// <summary><c>disable</c>: never.</summary>
    Disable,
}
