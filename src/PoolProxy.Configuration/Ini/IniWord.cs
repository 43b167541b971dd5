using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Ini;

/// <summary>A value of an ini file: text without a type, which each setting reads as what it is.</summary>
public sealed class IniWord(string value, SourcePosition position) : TomlString(value, position)
{
    /// <inheritdoc/>
    public override string TypeName => $"\"{Value}\"";
}
