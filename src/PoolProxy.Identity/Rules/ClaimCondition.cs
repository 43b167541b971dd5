using System.Text.Json;
using System.Text.RegularExpressions;
using PoolProxy.Identity.Claims;

namespace PoolProxy.Identity.Rules;

/// <summary>One condition of a rule: <c>when.CLAIM = …</c>. A missing claim never meets it. Immutable; any thread may evaluate.</summary>
public sealed record ClaimCondition
{
    /// <summary>How long a pattern that needs backtracking may look at one text.</summary>
    public static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(50);

    private readonly IReadOnlyList<ClaimConstant> _values;
    private readonly Regex? _pattern;

    private ClaimCondition(ClaimPath path, ClaimMatch match, IReadOnlyList<ClaimConstant> values, Regex? pattern)
    {
        Path = path;
        Match = match;
        _values = values;
        _pattern = pattern;
    }

    /// <summary>The claim.</summary>
    public ClaimPath Path { get; }

    /// <summary>How it is looked at.</summary>
    public ClaimMatch Match { get; }

    /// <summary>The claim, or an element of it, equals one of <paramref name="values"/>.</summary>
    public static ClaimCondition OneOf(ClaimPath path, params IReadOnlyList<ClaimConstant> values) => new(path, ClaimMatch.OneOf, values, null);

    /// <summary>The claim has <paramref name="part"/> as part of its text, or as an element.</summary>
    public static ClaimCondition Contains(ClaimPath path, string part) => new(path, ClaimMatch.Contains, [ClaimConstant.Of(part)], null);

    /// <summary>
    /// The claim's text, or an element's, matches <paramref name="pattern"/> from its first to its last character: a pattern without anchors
    /// must not let <c>not-admin</c> in for <c>admin</c>.
    /// </summary>
    /// <exception cref="ArgumentException">The pattern is no regular expression.</exception>
    public static ClaimCondition Matches(ClaimPath path, string pattern) =>
        new(path, ClaimMatch.Regex, [ClaimConstant.Of(pattern)], Compile(pattern));

    /// <summary>Whether the condition holds for <paramref name="claims"/>.</summary>
    public ConditionResult Evaluate(ClaimSet claims)
    {
        if (!claims.TryFind(Path, out JsonElement value))
        {
            return ConditionResult.Fails;
        }

        try
        {
            return Holds(value) ? ConditionResult.Holds : ConditionResult.Fails;
        }
        catch (RegexMatchTimeoutException)
        {
            return ConditionResult.TimedOut;
        }
    }

    /// <summary>The condition as pool.toml writes it.</summary>
    public override string ToString()
    {
        string values = string.Join(", ", _values.Select(value => $"\"{value.Text}\""));
        return Match switch
        {
            ClaimMatch.Regex => $"when.{Path} = {{ regex = {values} }}",
            ClaimMatch.Contains => $"when.{Path} = {{ contains = {values} }}",
            _ => _values.Count == 1 ? $"when.{Path} = {values}" : $"when.{Path} = [{values}]",
        };
    }

    private bool Holds(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return Match == ClaimMatch.Contains
                ? value.ValueKind == JsonValueKind.String && value.GetString()!.Contains(_values[0].Text, StringComparison.Ordinal)
                : HoldsFor(value);
        }

        foreach (JsonElement element in value.EnumerateArray())
        {
            if (HoldsFor(element))
            {
                return true;
            }
        }

        return false;
    }

    private bool HoldsFor(JsonElement value) =>
        _pattern is not null
            ? value.ValueKind == JsonValueKind.String && _pattern.IsMatch(value.GetString()!)
            : _values.Any(constant => constant.Equals(value));

    // NonBacktracking is linear in the text, whose length the token's bounds: a bound of time would only refuse people while the machine is busy.
    // Look-arounds and back-references need the other engine, and there only time is a bound.
    private static Regex Compile(string pattern)
    {
        // The pattern on its own first: wrapped, an unbalanced ")" could close our group.
        _ = new Regex(pattern, RegexOptions.CultureInvariant, PatternTime);
        string whole = $@"\A(?:{pattern})\z";
        try
        {
            return new Regex(whole, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout);
        }
        catch (NotSupportedException)
        {
            return new Regex(whole, RegexOptions.CultureInvariant, PatternTime);
        }
    }
}
