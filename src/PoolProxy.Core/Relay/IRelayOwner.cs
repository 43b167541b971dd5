using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Relay;

/// <summary>The client's session in the frontend, which hears that the relaying is over.</summary>
internal interface IRelayOwner
{
    /// <summary>The client's address, as logs and the audit trail name it.</summary>
    string Address { get; }

    /// <summary>The user that the client said it was.</summary>
    string User { get; }

    /// <summary>The database that it asked for.</summary>
    string Database { get; }

    /// <summary>Why the client may not go on, though it was let in: what it has proven was taken back. Null where it may.</summary>
    ProxyError? FindRevocation();

    /// <summary>The client shows a fresh token: it is judged, and <see cref="RelayClient.RenewalDecided"/> told. The bytes are the caller's.</summary>
    void BeginRenewal(int ticket, ReadOnlySpan<byte> token);

    /// <summary>
    /// The client is gone, or was ended with these words (already sent). Its connection is closed and its server let go. Told once.
    /// </summary>
    void Ended(RelayOutcome outcome, ProxyError? error);
}
