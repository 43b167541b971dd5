namespace PoolProxy.Configuration.Model;

/// <summary>A password or verifier from a file. It prints as <c>(hidden)</c>, so that no log, fault or SHOW can carry it by accident.</summary>
/// <param name="Value">The text itself: for the one place that compares or sends it.</param>
public sealed record Secret(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => "(hidden)";
}
