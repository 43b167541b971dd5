namespace PoolProxy.Configuration.Toml;

/// <summary>Collects faults: one a place, and no more than the bound.</summary>
internal sealed class TomlFaults
{
    private readonly Dictionary<SourcePosition, TomlFault> _faults = [];

    public bool IsFull => _faults.Count >= TomlLimits.MaxFaults;

    /// <summary>Records a fault unless its place has one; answers false, so that readers can return it.</summary>
    public bool Add(SourcePosition position, string message, string? hint = null)
    {
        if (!IsFull) _faults.TryAdd(position, new TomlFault(position, message, hint));
        return false;
    }

    public IReadOnlyList<TomlFault> InOrder() =>
        [.. _faults.Values.OrderBy(fault => fault.Position.Line).ThenBy(fault => fault.Position.Column)];
}
