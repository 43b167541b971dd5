using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Backend;

/// <summary>What a host said it is, at a login or a check.</summary>
/// <param name="IsInRecovery">A standby.</param>
/// <param name="IsReadOnly">Transactions are read-only unless they say otherwise; always so on a standby.</param>
/// <param name="Timeline">Of a primary; 0 where it was not told. A promotion begins a new one, so of two primaries the one with the lower is left over.</param>
internal sealed record HostNature(bool IsInRecovery, bool IsReadOnly, uint Timeline)
{
    /// <summary>The host's name has several addresses, and one of them said this: of the name as a whole it tells nothing.</summary>
    public bool IsOneOfMany { get; init; }

    /// <summary>Whether such a server is good for what is asked. prefer-standby takes any; who comes first is the caller's affair.</summary>
    public bool Fits(TargetSessionAttrs demand) => demand switch
    {
        TargetSessionAttrs.ReadWrite => !IsReadOnly,
        TargetSessionAttrs.ReadOnly => IsReadOnly,
        TargetSessionAttrs.Primary => !IsInRecovery,
        TargetSessionAttrs.Standby => IsInRecovery,
        _ => true,
    };

    /// <summary>For logs: <c>standby</c>, <c>primary of timeline 2</c>, <c>read-only primary of timeline 2</c>.</summary>
    public override string ToString() =>
        IsInRecovery ? "standby" : $"{(IsReadOnly ? "read-only " : "")}primary{(Timeline > 0 ? $" of timeline {Timeline}" : "")}";
}
