namespace PoolProxy.Configuration.Toml;

/// <summary>A string of any of the four forms, its escapes resolved; line ends inside it are LF.</summary>
public class TomlString(string value, SourcePosition position) : TomlValue(position)
{
    /// <summary>The text; well-formed UTF-16, possibly with NUL (<c>\u0000</c>).</summary>
    public string Value { get; } = value;

    /// <inheritdoc/>
    public override string TypeName => "a string";
}
