namespace PoolProxy.Configuration.Validation;

/// <summary>The faults that checks find, each at the key that has to change.</summary>
internal sealed class Findings(SourceMap positions)
{
    private readonly List<ConfigurationFault> _faults = [];

    public IReadOnlyList<ConfigurationFault> Faults => _faults;

    public void Add(string message, string? hint, params ReadOnlySpan<string> path) => _faults.Add(positions.Fault(message, hint, path));
}
