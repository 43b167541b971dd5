namespace PoolProxy.Configuration.Toml;

/// <summary>A time of day without date or offset.</summary>
public sealed class TomlLocalTime(TimeOnly value, SourcePosition position) : TomlValue(position)
{
    /// <summary>The time of day.</summary>
    public TimeOnly Value { get; } = value;

    /// <inheritdoc/>
    public override string TypeName => "a local time";
}
