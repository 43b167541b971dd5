namespace PoolProxy.Configuration.Toml;

/// <summary>A date without an offset.</summary>
public sealed class TomlLocalDate(DateOnly value, SourcePosition position) : TomlValue(position)
{
    /// <summary>The date.</summary>
    public DateOnly Value { get; } = value;

    /// <inheritdoc/>
    public override string TypeName => "a local date";
}
