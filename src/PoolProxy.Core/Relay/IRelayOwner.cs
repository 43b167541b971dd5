using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Relay;

/// <summary>The client's session in the frontend, which hears that the relaying is over.</summary>
internal interface IRelayOwner
{
    /// <summary>
    /// The client is gone, or was ended with these words (already sent). Its connection is closed and its server let go. Told once.
    /// </summary>
    void Ended(RelayOutcome outcome, ProxyError? error);
}
