namespace PoolProxy.Configuration.Toml;

/// <summary>A date and time with an offset from UTC (RFC 3339). Fractions beyond 100 ns are cut; a leap second cannot be expressed and is refused.</summary>
public sealed class TomlOffsetDateTime(DateTimeOffset value, SourcePosition position) : TomlValue(position)
{
    /// <summary>The instant, with the offset it was written in.</summary>
    public DateTimeOffset Value { get; } = value;

    /// <inheritdoc/>
    public override string TypeName => "a date-time";
}
