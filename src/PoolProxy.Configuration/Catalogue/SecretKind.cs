using PoolProxy.Configuration.Model;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>A password or verifier: printed hidden, compared by its text.</summary>
internal sealed class SecretKind : SettingKind<Secret>
{
    public override SettingProblem? Read(TomlValue source, out Secret value)
    {
        value = new Secret((source as TomlString)?.Value ?? "");
        return source is TomlString ? Texts.CheckPlain(value.Value, Bounds.PasswordLength) : WrongType(source, "a string");
    }

    public override string Print(Secret value) => value.ToString();
}
