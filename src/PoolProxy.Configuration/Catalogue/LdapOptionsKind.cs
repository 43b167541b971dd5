using PoolProxy.Configuration.Ldap;
using PoolProxy.Configuration.Model;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>The options of auth_type ldap in one text. It may hold a password, and is hidden as a whole; empty for none.</summary>
internal sealed class LdapOptionsKind : SettingKind<Secret>
{
    public override SettingProblem? Read(TomlValue source, out Secret value)
    {
        value = new Secret((source as TomlString)?.Value ?? "");
        if (source is not TomlString) return WrongType(source, "a string");
        if (value.Value.Length == 0) return null;
        if (Texts.CheckPlain(value.Value, Bounds.TextLength) is { } problem) return problem;
        LdapOptions.Read(value.Value, out var fault);
        return fault is null ? null : new(fault);
    }

    public override string Print(Secret value) => value.Value.Length == 0 ? "" : value.ToString();

    public override string Write(Secret value) => TomlText.Quote(value.Value);
}
