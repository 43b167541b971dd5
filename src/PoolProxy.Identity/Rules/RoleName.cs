using System.Text;

namespace PoolProxy.Identity.Rules;

/// <summary>Which names may be sent in <c>SET ROLE</c>.</summary>
public static class RoleName
{
    /// <summary>PostgreSQL cuts longer names (NAMEDATALEN - 1), and would then mean another role.</summary>
    public const int MaxLengthBytes = 63;

    /// <summary>
    /// False for an empty name, one over <see cref="MaxLengthBytes"/> of UTF-8, one with control characters or with what a decoder
    /// puts in the place of broken text, and <c>none</c>: even quoted,
    /// <c>SET ROLE "none"</c> returns to the login.
    /// </summary>
    public static bool IsAllowed(string name) =>
        name.Length > 0
        && !name.Equals("none", StringComparison.OrdinalIgnoreCase)
        && Encoding.UTF8.GetByteCount(name) <= MaxLengthBytes
        && !name.EnumerateRunes().Any(rune => Rune.IsControl(rune) || rune == Rune.ReplacementChar);
}
