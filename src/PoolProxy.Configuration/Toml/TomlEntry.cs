namespace PoolProxy.Configuration.Toml;

/// <summary>A key of a table with its value.</summary>
/// <param name="Key">One part of a dotted key, unquoted.</param>
/// <param name="KeyPosition">Where the key stands; for a table named several times, where it was first named.</param>
/// <param name="Value">What it holds.</param>
public sealed record TomlEntry(string Key, SourcePosition KeyPosition, TomlValue Value);
