namespace PoolProxy.Configuration.Validation;

/// <summary>The faults that checks find, each at the key that has to change.</summary>
internal sealed class Findings(SourceMap positions)
{
    private readonly List<ConfigurationFault> _faults = [];
    private readonly List<ConfigurationFault> _notes = [];

    public IReadOnlyList<ConfigurationFault> Faults => _faults;

    /// <summary>What is no fault, but to be said once.</summary>
    public IReadOnlyList<ConfigurationFault> Notes => _notes;

    public void Note(string message, string? hint, params ReadOnlySpan<string> path) => _notes.Add(positions.Fault(message, hint, path));

    public void Add(string message, string? hint, params ReadOnlySpan<string> path) => _faults.Add(positions.Fault(message, hint, path));
}
