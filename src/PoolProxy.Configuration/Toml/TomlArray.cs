namespace PoolProxy.Configuration.Toml;

/// <summary>An array: written in brackets, or grown by <c>[[headers]]</c>. Elements may be of different types.</summary>
public sealed class TomlArray : TomlValue
{
    private readonly List<TomlValue> _items = [];

    /// <summary>The elements in the document's order.</summary>
    public IReadOnlyList<TomlValue> Items => _items;

    /// <summary>Whether it came from <c>[[headers]]</c>; only such an array may grow after it was written.</summary>
    public bool IsOfTables { get; }

    /// <inheritdoc/>
    public override string TypeName => IsOfTables ? "an array of tables" : "an array";

    internal TomlArray(bool isOfTables, SourcePosition position) : base(position) => IsOfTables = isOfTables;

    internal void Add(TomlValue item) => _items.Add(item);
}
