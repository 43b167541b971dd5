namespace PoolProxy.Core.Access;

/// <summary>How far a grant has come. Time is no state: a grant whose time is over is over, whatever stands here.</summary>
internal enum AccessState : byte
{
    /// <summary>It waits for somebody to approve it; an approval, a revocation or time ends that.</summary>
    Pending,

    /// <summary>It is approved, and waits for who asked to collect the credential.</summary>
    Approved,

    /// <summary>Its credential waits for its login; a login, a revocation or time ends that.</summary>
    Issued,

    /// <summary>Somebody has logged in by it: its credential opens nothing more, and what it opened lasts until its time or its revocation.</summary>
    Used,

    /// <summary>Taken back: it opens nothing, and what it opened was ended.</summary>
    Revoked,
}
