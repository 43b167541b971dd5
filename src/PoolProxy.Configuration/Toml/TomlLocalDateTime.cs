namespace PoolProxy.Configuration.Toml;

/// <summary>A date and time without an offset.</summary>
public sealed class TomlLocalDateTime(DateTime value, SourcePosition position) : TomlValue(position)
{
    /// <summary>The date and time, of unspecified kind.</summary>
    public DateTime Value { get; } = value;

    /// <inheritdoc/>
    public override string TypeName => "a local date-time";
}
