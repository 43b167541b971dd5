namespace PoolProxy.Sandbox.Issuers;

/// <summary>How a test issuer answers over HTTP, on demand. Minting does not change.</summary>
public enum IssuerFault
{
    /// <summary>As it should.</summary>
    None,

    /// <summary>The connection is cut without an answer.</summary>
    Down,

    /// <summary>503 with an empty body.</summary>
    Unavailable,

    /// <summary>500 with a JSON body that says so.</summary>
    Broken,

    /// <summary>The answer is held back until the fault is changed; the request then gets the true answer.</summary>
    Slow,

    /// <summary>302 to a place on the same issuer that serves the true document: a client must not follow.</summary>
    Redirect,

    /// <summary>A valid document with 4 MiB of blanks in front.</summary>
    Oversized,

    /// <summary>200 and a body that is not JSON.</summary>
    NotJson,

    /// <summary>Discovery names another issuer.</summary>
    ForeignIssuer,
}
