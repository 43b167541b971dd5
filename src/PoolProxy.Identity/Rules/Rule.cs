using System.Text;
using PoolProxy.Identity.Claims;

namespace PoolProxy.Identity.Rules;

/// <summary>One of <c>[[rules]]</c>: whose claims meet all conditions gets its results. Immutable.</summary>
public sealed class Rule
{
    private string? _results;

    /// <summary>The rule's number in the file, from 1: its name in logs, audit and SHOW RULES.</summary>
    public required int Number { get; init; }

    /// <summary>The configured name of the issuer whose tokens it is for.</summary>
    public required string Issuer { get; init; }

    /// <summary>All must hold; without any, the rule is for every token of the issuer.</summary>
    public IReadOnlyList<ClaimCondition> Conditions { get; init; } = [];

    /// <summary>These must hold too, at each login.</summary>
    public IReadOnlyList<CircumstanceCondition> Circumstances { get; init; } = [];

    /// <summary>The roles that may be asked for, the first for who asks for none; empty for a rule that opens the console only.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The databases that the rule is for; empty is all.</summary>
    public IReadOnlyList<string> Databases { get; init; } = [];

    /// <summary>What it opens of the console.</summary>
    public ConsoleRight Console { get; init; }

    /// <summary>The database, by its name on the clients' side, whose servers serve whoever asks for one that the rule is for; null is the one asked for.</summary>
    public string? Route { get; init; }

    /// <summary>The session's <c>search_path</c> to begin with; null leaves the servers' own.</summary>
    public string? SearchPath { get; init; }

    /// <summary>What it allows at most.</summary>
    public RuleLimits Limits { get; init; } = RuleLimits.None;

    /// <summary>The results as one text: equal for rules that give the same, whatever their number and conditions. Part of the identity key.</summary>
    public string Results => _results ??= WriteResults();

    /// <summary>
    /// Whether the rule is asked at all for <paramref name="target"/>. For a database: it gives a role and names the database or none. For the
    /// console: it says something about the console, or is for every database (and then shuts the console by its silence).
    /// </summary>
    public bool IsFor(LoginTarget target) =>
        target.IsConsole
            ? Console != ConsoleRight.None || Databases.Count == 0
            : Roles.Count > 0 && (Databases.Count == 0 || Databases.Contains(target.Database));

    /// <summary>Whether all conditions hold; the first that does not decides and is given in <paramref name="decisive"/>.</summary>
    public ConditionResult Evaluate(ClaimSet claims, out ClaimCondition? decisive)
    {
        foreach (ClaimCondition condition in Conditions)
        {
            ConditionResult result = condition.Evaluate(claims);
            if (result != ConditionResult.Holds)
            {
                decisive = condition;
                return result;
            }
        }

        decisive = null;
        return ConditionResult.Holds;
    }

    /// <summary>The first of <see cref="Circumstances"/> that does not hold; null where all do.</summary>
    public CircumstanceCondition? FindUnmet(ClaimSet claims, in Circumstances circumstances)
    {
        foreach (CircumstanceCondition condition in Circumstances)
        {
            if (!condition.Holds(claims, in circumstances))
            {
                return condition;
            }
        }

        return null;
    }

    /// <summary>When the first of <see cref="Circumstances"/>, which all hold, ceases to; null where none does by itself.</summary>
    public DateTimeOffset? EndsAt(in Circumstances circumstances)
    {
        DateTimeOffset? first = null;
        foreach (CircumstanceCondition condition in Circumstances)
        {
            if (condition.EndsAt(in circumstances) is { } end && (first is null || end < first))
            {
                first = end;
            }
        }

        return first;
    }

    private string WriteResults()
    {
        var text = new StringBuilder();
        Append(text, Roles);
        Append(text, Databases);
        Append(text, Route is null ? [] : [Route]);
        Append(text, SearchPath is null ? [] : [SearchPath]);
        return text.Append(Console).Append(';').Append(Limits).ToString();
    }

    // Length before text: no name can be written so that two lists look alike.
    private static void Append(StringBuilder text, IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            text.Append(name.Length).Append(':').Append(name);
        }

        text.Append(';');
    }
}
