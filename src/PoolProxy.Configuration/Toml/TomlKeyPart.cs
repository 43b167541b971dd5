namespace PoolProxy.Configuration.Toml;

/// <summary>One part of a dotted key.</summary>
/// <param name="Text">The part, unquoted.</param>
/// <param name="Position">Where it begins, its quote included.</param>
internal readonly record struct TomlKeyPart(string Text, SourcePosition Position);
