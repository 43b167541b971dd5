namespace PoolProxy.Configuration.Model;

/// <summary>When a server is wiped and dressed again: <c>reset</c>.</summary>
public enum ResetScope
{
    /// <summary><c>identity</c>: when another identity takes the server.</summary>
    Identity,

    /// <summary><c>client</c>: whenever another client takes it, of the same identity or not.</summary>
    Client,
}
