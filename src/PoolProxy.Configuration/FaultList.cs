namespace PoolProxy.Configuration;

/// <summary>Collects a file's faults and says where things stand; one for each reading.</summary>
internal sealed class FaultList(string file)
{
    private readonly List<ConfigurationFault> _faults = [];
    private readonly List<ConfigurationFault> _notes = [];

    public SourceMap Positions { get; } = new(file);

    public int Count => _faults.Count;

    /// <summary>In the file's order.</summary>
    public IReadOnlyList<ConfigurationFault> InOrder => [.. _faults.OrderBy(fault => fault.Position.File).ThenBy(fault => fault.Line).ThenBy(fault => fault.Column)];

    public void Add(SourcePosition position, string message, string? hint = null) => _faults.Add(Positions.Fault(position, message, hint));

    /// <summary>What is no fault, but to be said once.</summary>
    public IReadOnlyList<ConfigurationFault> Notes => _notes;

    public void Note(SourcePosition position, string message, string? hint = null) => _notes.Add(Positions.Fault(position, message, hint));

    public void AddNotes(IEnumerable<ConfigurationFault> notes) => _notes.AddRange(notes);

    public void AddRange(IEnumerable<ConfigurationFault> faults) => _faults.AddRange(faults);
}
