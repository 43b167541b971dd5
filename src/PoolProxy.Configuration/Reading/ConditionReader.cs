using System.Globalization;
using System.Text.RegularExpressions;
using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Model;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Reading;

/// <summary>
/// Reads what stands below <c>when</c>. A dotted key is a path into the token; an inline table is an operator, so that a claim may be called
/// <c>regex</c> and still be looked into.
/// </summary>
internal sealed class ConditionReader(FaultList faults)
{
    private static readonly string[] Operators = ["regex", "contains"];

    public IReadOnlyList<ClaimCondition> Read(TomlTable when)
    {
        var conditions = new List<ClaimCondition>();
        Walk(when, [], conditions);
        return conditions;
    }

    private void Walk(TomlTable table, IReadOnlyList<string> path, List<ClaimCondition> conditions)
    {
        if (table.Entries.Count == 0) faults.Add(table.Position, "when: a condition is missing");
        foreach (var entry in table.Entries)
        {
            IReadOnlyList<string> claim = [.. path, entry.Key];
            switch (entry.Value)
            {
                case TomlTable { Origin: TomlTableOrigin.Inline } inline: ReadOperator(inline, claim, conditions); break;
                case TomlTable inner: Walk(inner, claim, conditions); break;
                case TomlArray array: ReadOneOf(array, claim, conditions); break;
                default:
                    if (TryReadValue(entry.Value, out var value)) conditions.Add(new() { Claim = claim, Match = ClaimMatch.OneOf, Values = [value] });
                    break;
            }
        }
    }

    private void ReadOneOf(TomlArray array, IReadOnlyList<string> claim, List<ClaimCondition> conditions)
    {
        var values = new List<ClaimValue>();
        foreach (var item in array.Items)
            if (TryReadValue(item, out var value)) values.Add(value);
        if (array.Items.Count == 0) faults.Add(array.Position, "when: the list of values is empty");
        else if (array.Items.Count > Bounds.ListLength) faults.Add(array.Position, "when: the list of values is too long", $"It may have {Bounds.ListLength} elements.");
        conditions.Add(new() { Claim = claim, Match = ClaimMatch.OneOf, Values = values });
    }

    private void ReadOperator(TomlTable table, IReadOnlyList<string> claim, List<ClaimCondition> conditions)
    {
        if (table.Entries is not [var entry])
        {
            faults.Add(table.Position, "when: expected one operator", "It may be { regex = \"...\" } or { contains = \"...\" }; a path into the claim is a dotted key.");
            return;
        }
        if (!Operators.Contains(entry.Key))
        {
            var near = NearestName.Find(entry.Key, Operators);
            faults.Add(entry.KeyPosition, $"when: the operator \"{entry.Key}\" is not known", near is null ? "Known are regex and contains; a path into the claim is a dotted key." : $"The nearest known name is {near}.");
            return;
        }
        if (entry.Value is not TomlString text)
        {
            faults.Add(entry.Value.Position, $"when: {entry.Key}: expected a string, not {entry.Value.TypeName}");
            return;
        }
        if ((entry.Key == "regex" ? CheckPattern(text.Value) : CheckPart(text.Value)) is { } problem)
            faults.Add(text.Position, $"when: {entry.Key}: {problem.Message}", problem.Hint);
        conditions.Add(new()
        {
            Claim = claim,
            Match = entry.Key == "regex" ? ClaimMatch.Regex : ClaimMatch.Contains,
            Values = [new ClaimValue(ClaimValueKind.Text, text.Value)],
        });
    }

    private bool TryReadValue(TomlValue source, out ClaimValue value)
    {
        value = source switch
        {
            TomlString text => new(ClaimValueKind.Text, text.Value),
            TomlInteger number => new(ClaimValueKind.Integer, number.Value.ToString(CultureInfo.InvariantCulture)),
            TomlBoolean truth => new(ClaimValueKind.Boolean, truth.Value ? "true" : "false"),
            _ => default,
        };
        if (value.Text is null) faults.Add(source.Position, $"when: expected a string, an integer or a boolean, not {source.TypeName}");
        return value.Text is not null;
    }

    // Every text contains the empty one: such a rule would let everybody in.
    private static SettingProblem? CheckPart(string text) => text.Length == 0 ? new("the text is empty") : Texts.CheckPlain(text, Bounds.TextLength);

    // Patterns meet what strangers sign into their names: only the engine without backtracking, which cannot be made to run long.
    private static SettingProblem? CheckPattern(string pattern)
    {
        if (pattern.Length is 0 or > Bounds.PatternLength) return new("the pattern has no fitting length", $"It may have 1 to {Bounds.PatternLength} characters.");
        try
        {
            _ = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return null;
        }
        catch (ArgumentException malformed)
        {
            return new(malformed.Message.TrimEnd('.'));
        }
        catch (NotSupportedException)
        {
            return new("the pattern cannot be matched without backtracking", "Back-references, look-around, atomic groups and very large repetitions are not taken.");
        }
    }
}
