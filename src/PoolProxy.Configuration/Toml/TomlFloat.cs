namespace PoolProxy.Configuration.Toml;

/// <summary>A binary64 number, infinities and NaN included.</summary>
public sealed class TomlFloat(double value, SourcePosition position) : TomlValue(position)
{
    /// <summary>The number.</summary>
    public double Value { get; } = value;

    /// <inheritdoc/>
    public override string TypeName => "a float";
}
