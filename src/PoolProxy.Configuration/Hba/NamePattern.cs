using System.Text.RegularExpressions;

namespace PoolProxy.Configuration.Hba;

/// <summary>
/// A name given as a regular expression, <c>/…</c>. As in PostgreSQL it may match anywhere in the name, unless it has anchors. It is .NET's kind, without what needs
/// backtracking, so that a match takes time linear in the name, whatever the two are. Immutable; any thread may match.
/// </summary>
public sealed class NamePattern
{
    /// <summary>In characters.</summary>
    public const int MaxLength = 1024;

    private readonly Regex _regex;

    private NamePattern(Regex regex) => _regex = regex;

    /// <summary>Whether there is a first group, for <c>\1</c>.</summary>
    public bool HasGroup => _regex.GetGroupNumbers().Contains(1);

    /// <summary>Whether a name matches. One with a control character never does: <c>$</c> would let a line's end pass behind it.</summary>
    public bool IsMatch(string name) => !name.Any(char.IsControl) && _regex.IsMatch(name);

    /// <summary>Whether a name matches, with what the first group took of it; null where it took no part.</summary>
    public bool IsMatch(string name, out string? group)
    {
        group = null;
        if (name.Any(char.IsControl)) return false;
        var match = _regex.Match(name);
        if (match.Success && match.Groups[1].Success) group = match.Groups[1].Value;
        return match.Success;
    }

    /// <summary>Reads what stands behind the <c>/</c>; null with the fault in words.</summary>
    public static NamePattern? TryRead(string text, out string? fault)
    {
        fault = text.Length == 0 ? "the regular expression is empty" : text.Length > MaxLength ? $"the regular expression is longer than {MaxLength} characters" : null;

        // PostgreSQL's classes would be read as other ones.
        if (fault is null && (text.Contains("[:", StringComparison.Ordinal) || text.Contains("[.", StringComparison.Ordinal) || text.Contains("[=", StringComparison.Ordinal)))
            fault = "classes such as [[:alpha:]] are not available in regular expressions";
        if (fault is not null) return null;
        try
        {
            return new(new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            fault = failure is NotSupportedException ? "the regular expression needs backtracking, or is too large" : $"the regular expression is none: {failure.Message}";
            return null;
        }
    }
}
