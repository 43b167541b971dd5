namespace PoolProxy.Core.Audit;

/// <summary>How a login attempt ended: the field <c>outcome</c>.</summary>
internal enum LoginOutcome : byte
{
    /// <summary>Let in: <c>accepted</c>.</summary>
    Accepted,

    /// <summary>Turned away, before or after identity was proven: <c>refused</c>, and <c>reason</c> says why.</summary>
    Refused,

    /// <summary>The client left, or ran out of time, before it was decided: <c>abandoned</c>.</summary>
    Abandoned,

    /// <summary>
    /// By oauth, without a token: it was told where to get one, and comes again on another connection (RFC 7628 §4.3). No failure: <c>discovery</c>.
    /// </summary>
    Discovery,
}
