namespace PoolProxy.Core.Audit;

/// <summary>What happened about access on demand: the field <c>event</c>.</summary>
internal enum AccessEvent : byte
{
    /// <summary>Somebody asked for access: <c>access_request</c>.</summary>
    Request,

    /// <summary>Somebody took a grant back: <c>access_revocation</c>.</summary>
    Revocation,

    /// <summary>Somebody approved what another asked for: <c>access_approval</c>.</summary>
    Approval,
}
