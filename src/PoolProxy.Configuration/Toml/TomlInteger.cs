namespace PoolProxy.Configuration.Toml;

/// <summary>A 64-bit integer.</summary>
public sealed class TomlInteger(long value, int radix, SourcePosition position) : TomlValue(position)
{
    /// <summary>The number.</summary>
    public long Value { get; } = value;

    /// <summary>How it was written: 2, 8, 10 or 16. A file's permission bits must say that they are octal.</summary>
    public int Radix { get; } = radix;

    /// <inheritdoc/>
    public override string TypeName => "an integer";
}
