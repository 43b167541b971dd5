using PoolProxy.Configuration.Model;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>A password, verifier or key: printed hidden, compared by its text.</summary>
/// <param name="minLength">In characters.</param>
internal sealed class SecretKind(int minLength = 0) : SettingKind<Secret>
{
    public override SettingProblem? Read(TomlValue source, out Secret value)
    {
        value = new Secret((source as TomlString)?.Value ?? "");
        if (source is not TomlString) return WrongType(source, "a string");
        if (value.Value.Length < minLength) return new($"the secret is too short: {minLength} characters at least", "openssl rand -hex 32 makes one.");
        return Texts.CheckPlain(value.Value, Bounds.PasswordLength);
    }

    public override string Print(Secret value) => value.ToString();

    public override string Write(Secret value) => TomlText.Quote(value.Value);
}
