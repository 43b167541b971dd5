using System.Buffers;
using System.Globalization;
using System.Text;

namespace PoolProxy.Core.Authentication.Ldap;

/// <summary>
/// Puts the name that a client came with into a distinguished name or a filter, so that it stays a name: PgBouncer refuses some characters in filters and none in names.
/// </summary>
internal static class LdapNames
{
    private static readonly SearchValues<char> SpecialInDn = SearchValues.Create(",+\"\\<>;=#/");

    /// <summary>
    /// What is bound, between prefix and suffix. Behind a prefix such as <c>uid=</c> the name is part of a distinguished name and escaped as such (RFC 4514 §2.4). With any
    /// other, such as <c>DOMAIN\</c> or a suffix <c>@example.com</c>, there is no way to escape, and a name with any of these characters is refused: null.
    /// </summary>
    public static string? Between(string prefix, string user, string suffix)
    {
        if (user.Length == 0 || user.Any(char.IsControl))
        {
            return null;
        }

        if (prefix.TrimEnd().EndsWith('='))
        {
            return prefix + EscapeInDn(user) + suffix;
        }

        return user.AsSpan().ContainsAny(SpecialInDn) ? null : prefix + user + suffix;
    }

    /// <summary>The filter that finds a user; null for a name that cannot be one.</summary>
    public static string? Filter(string? pattern, string attribute, string user)
    {
        if (user.Length == 0 || user.Any(char.IsControl))
        {
            return null;
        }

        var escaped = EscapeInFilter(user);
        return pattern is null ? $"({attribute}={escaped})" : pattern.Replace("$username", escaped, StringComparison.Ordinal);
    }

    // RFC 4515 §3: by the bytes of UTF-8, of which only these have a meaning.
    private static string EscapeInFilter(string text)
    {
        var escaped = new StringBuilder();
        foreach (var letter in text)
        {
            if (letter is '*' or '(' or ')' or '\\')
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\{(int)letter:x2}");
            }
            else
            {
                escaped.Append(letter);
            }
        }

        return escaped.ToString();
    }

    private static string EscapeInDn(string text)
    {
        var escaped = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            var isSpaceAtEnd = text[at] == ' ' && (at == 0 || at == text.Length - 1);
            if (isSpaceAtEnd || SpecialInDn.Contains(text[at]))
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\{(int)text[at]:x2}");
            }
            else
            {
                escaped.Append(text[at]);
            }
        }

        return escaped.ToString();
    }
}
