using System.Globalization;

namespace PoolProxy.Configuration.Ldap;

/// <summary><c>ldapurl</c>: <c>ldap[s]://host[:port]/basedn[?[attribute][?[scope][?[filter]]]]</c> (RFC 4516), the parts percent-decoded.</summary>
/// <param name="IsTls">It is an ldaps URL.</param>
/// <param name="Host">Empty where it has none.</param>
/// <param name="Port">Null where it has none.</param>
/// <param name="BaseDn">Null where it has none.</param>
/// <param name="Attribute">The first attribute, or null.</param>
/// <param name="Scope">base where it has none.</param>
/// <param name="Filter">The filter, or null.</param>
public sealed record LdapUrl(bool IsTls, string Host, int? Port, string? BaseDn, string? Attribute, LdapScope Scope, string? Filter)
{
    /// <summary>Reads one; null where it is none.</summary>
    public static LdapUrl? TryRead(string text)
    {
        var isTls = text.StartsWith("ldaps://", StringComparison.OrdinalIgnoreCase);
        if (!isTls && !text.StartsWith("ldap://", StringComparison.OrdinalIgnoreCase)) return null;
        var rest = text[(isTls ? 8 : 7)..];
        var slash = rest.IndexOfAny(['/', '?']);
        if (slash >= 0 && rest[slash] == '?') return null;
        if (!TryReadHost(slash < 0 ? rest : rest[..slash], out var host, out var port)) return null;
        var parts = slash < 0 ? [""] : rest[(slash + 1)..].Split('?');
        if (parts.Length > 4) return null; // extensions: none is known
        var scope = LdapScope.Base;
        if (parts.Length > 2 && !TryReadScope(parts[2], out scope)) return null;
        return new(isTls, host, port, Part(parts, 0), Part(parts, 1)?.Split(',')[0], scope, Part(parts, 3));
    }

    private static string? Part(string[] parts, int index) => index < parts.Length && parts[index].Length > 0 ? Uri.UnescapeDataString(parts[index]) : null;

    private static bool TryReadHost(string text, out string host, out int? port)
    {
        port = null;
        var colon = text.LastIndexOf(':');
        if (colon < text.LastIndexOf(']')) colon = -1; // [::1]
        host = Uri.UnescapeDataString(colon < 0 ? text : text[..colon]);
        if (host.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter == '@')) return false;
        if (colon < 0) return true;
        if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65535) return false;
        port = number;
        return true;
    }

    private static bool TryReadScope(string text, out LdapScope scope)
    {
        scope = text switch { "one" or "onetree" => LdapScope.One, "sub" or "subtree" => LdapScope.Subtree, _ => LdapScope.Base };
        return text is "" or "base" or "one" or "onetree" or "sub" or "subtree";
    }
}
