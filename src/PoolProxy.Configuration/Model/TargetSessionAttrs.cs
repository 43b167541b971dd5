namespace PoolProxy.Configuration.Model;

/// <summary>What a server has to be like to be used: <c>target_session_attrs</c>, with libpq's words and meanings.</summary>
public enum TargetSessionAttrs
{
    /// <summary><c>any</c>: every server that takes the login.</summary>
    Any,

    /// <summary><c>read-write</c>: out of recovery, and transactions are read-write unless they say otherwise.</summary>
    ReadWrite,

    /// <summary><c>read-only</c>: the opposite of read-write.</summary>
    ReadOnly,

    /// <summary><c>primary</c>: out of recovery.</summary>
    Primary,

    /// <summary><c>standby</c>: in recovery.</summary>
    Standby,

    /// <summary><c>prefer-standby</c>: a standby where one can be had, else any.</summary>
    PreferStandby,
}
