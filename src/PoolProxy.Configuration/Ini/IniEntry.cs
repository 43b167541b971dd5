namespace PoolProxy.Configuration.Ini;

/// <summary>A line <c>key = value</c> of an ini file.</summary>
/// <param name="Section">The section's name; empty above the first.</param>
/// <param name="Key">The key as written.</param>
/// <param name="KeyPosition">Where it stands.</param>
/// <param name="Value">The rest of the line behind =, without space around it; may be empty.</param>
/// <param name="ValuePosition">Where that begins.</param>
internal readonly record struct IniEntry(string Section, string Key, SourcePosition KeyPosition, string Value, SourcePosition ValuePosition);
