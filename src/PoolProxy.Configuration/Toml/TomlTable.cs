using System.Diagnostics.CodeAnalysis;

namespace PoolProxy.Configuration.Toml;

/// <summary>A table: keys with values, in the order in which they were first named. Keys compare ordinally.</summary>
public sealed class TomlTable : TomlValue
{
    private readonly List<TomlEntry> _entries = [];
    private readonly Dictionary<string, TomlEntry> _byKey = new(StringComparer.Ordinal);

    /// <summary>The keys with their values.</summary>
    public IReadOnlyList<TomlEntry> Entries => _entries;

    /// <summary>How the table came to be.</summary>
    public TomlTableOrigin Origin { get; internal set; }

    /// <inheritdoc/>
    public override string TypeName => Origin == TomlTableOrigin.Inline ? "an inline table" : "a table";

    internal TomlTable(TomlTableOrigin origin, SourcePosition position) : base(position) => Origin = origin;

    /// <summary>Finds the entry of <paramref name="key"/>.</summary>
    public bool TryGet(string key, [NotNullWhen(true)] out TomlEntry? entry) => _byKey.TryGetValue(key, out entry);

    internal void Add(TomlKeyPart key, TomlValue value)
    {
        var entry = new TomlEntry(key.Text, key.Position, value);
        _byKey.Add(key.Text, entry);
        _entries.Add(entry);
    }

    /// <summary>Takes an entry out; null where there is none.</summary>
    internal TomlEntry? Remove(string key)
    {
        if (_byKey.Remove(key, out var entry)) _entries.Remove(entry);
        return entry;
    }
}
