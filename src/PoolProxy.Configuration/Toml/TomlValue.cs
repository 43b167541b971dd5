namespace PoolProxy.Configuration.Toml;

/// <summary>A value of a TOML document, with where it begins.</summary>
public abstract class TomlValue
{
    /// <summary>The value's first character; for a table the key or header that first named it.</summary>
    public SourcePosition Position { get; }

    /// <summary>The TOML type with its article, for messages: <c>an integer</c>.</summary>
    public abstract string TypeName { get; }

    private protected TomlValue(SourcePosition position) => Position = position;
}
