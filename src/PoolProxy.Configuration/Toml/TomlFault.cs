namespace PoolProxy.Configuration.Toml;

/// <summary>A place where a text is not TOML.</summary>
/// <param name="Position">Where.</param>
/// <param name="Message">What is wrong: lower case, no full stop.</param>
/// <param name="Hint">What to write instead; a whole sentence, or null.</param>
public sealed record TomlFault(SourcePosition Position, string Message, string? Hint = null);
