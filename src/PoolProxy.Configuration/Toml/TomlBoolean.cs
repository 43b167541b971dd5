namespace PoolProxy.Configuration.Toml;

/// <summary><c>true</c> or <c>false</c>.</summary>
public sealed class TomlBoolean(bool value, SourcePosition position) : TomlValue(position)
{
    /// <summary>The truth.</summary>
    public bool Value { get; } = value;

    /// <inheritdoc/>
    public override string TypeName => "a boolean";
}
