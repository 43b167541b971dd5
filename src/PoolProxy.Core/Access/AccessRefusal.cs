namespace PoolProxy.Core.Access;

/// <summary>Why a request for access, or a login by a credential, was refused: the inside word, for log and audit.</summary>
internal enum AccessRefusal
{
    /// <summary>No policy gives this to these claims.</summary>
    NoPolicy,

    /// <summary>The policy wants a reason.</summary>
    ReasonMissing,

    /// <summary>Longer than the policy gives.</summary>
    TooLong,

    /// <summary>There is no such database, or it has no login for the role.</summary>
    NoSuchDatabase,

    /// <summary>The person has as many grants as one may have.</summary>
    TooManyOfOne,

    /// <summary>There are as many grants as there may be.</summary>
    TooManyOfAll,

    /// <summary>The credential's grant is not known: over, or of a proxy that was restarted.</summary>
    GrantUnknown,

    /// <summary>Somebody has logged in by it already.</summary>
    GrantUsed,

    /// <summary>It was taken back, or the token that it was given for.</summary>
    GrantRevoked,

    /// <summary>It is for another database, or the login is to the console.</summary>
    OtherDatabase,

    /// <summary>The startup user is neither the role nor the person.</summary>
    OtherUser,

    /// <summary>It waits for its approval still.</summary>
    NotApproved,

    /// <summary>Who wants to approve is not meant by the policy, or has asked for it.</summary>
    NoApprover,
}
