namespace PoolProxy.Configuration;

/// <summary>
/// Where each section and key stood, so that whoever opens the files and names in a configuration can blame the right line. Kept beside the model
/// and not in it: moving a line is no change of configuration. A path is the section's parts and the key, such as
/// <c>"databases", "app", "server_tls_ca_file"</c>; rules are numbered: <c>"rules", "1", "role"</c>.
/// </summary>
public sealed class SourceMap
{
    private readonly Dictionary<string, SourcePosition> _positions = [];
    private readonly List<string> _files;

    /// <summary>The file's name as the caller gave it.</summary>
    public string File => _files[0];

    /// <summary>An empty map of <paramref name="file"/>.</summary>
    public SourceMap(string file) => _files = [file];

    /// <summary>Where the path stood; if it did not, where the nearest section around it stood.</summary>
    public SourcePosition Find(params ReadOnlySpan<string> path)
    {
        for (var parts = path; parts.Length > 0; parts = parts[..^1])
            if (_positions.TryGetValue(Join(parts), out var position)) return position;
        return SourcePosition.Start;
    }

    /// <summary>A fault at <paramref name="path"/>.</summary>
    public ConfigurationFault Fault(string message, string? hint, params ReadOnlySpan<string> path) =>
        Fault(Find(path), message, hint);

    internal ConfigurationFault Fault(SourcePosition position, string message, string? hint) => new(_files[position.File], position, message, hint);

    /// <summary>A file that is included; the number by which positions name it.</summary>
    internal int AddFile(string file)
    {
        _files.Add(file);
        return _files.Count - 1;
    }

    /// <summary>Records where a path stands.</summary>
    internal void Add(SourcePosition position, params ReadOnlySpan<string> path) => _positions[Join(path)] = position;

    // A NUL cannot stand in any of the parts: the reader refuses it.
    private static string Join(ReadOnlySpan<string> path) => string.Join('\0', path);
}
