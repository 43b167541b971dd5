using PoolProxy.Configuration.Ini;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>One of a few words, each standing for a value.</summary>
/// <param name="choices">The words that are taken.</param>
/// <param name="refused">Words that PgBouncer or a later version takes, each with the reason why this one does not.</param>
internal sealed class ChoiceKind<T>(IReadOnlyList<(string Word, T Value)> choices, params IReadOnlyList<(string Word, string Reason)> refused) : SettingKind<T>
    where T : struct
{
    public override SettingProblem? Read(TomlValue source, out T value)
    {
        value = default;
        var allowed = $"It may be {string.Join(", ", choices.Select(choice => choice.Word))}.";
        if (source is not TomlString text) return WrongType(source, "a string", allowed);
        // PgBouncer reads its words without regard to case.
        var comparison = source is IniWord ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        foreach (var choice in choices)
            if (choice.Word.Equals(text.Value, comparison))
            {
                value = choice.Value;
                return null;
            }
        foreach (var (word, reason) in refused)
            if (word.Equals(text.Value, comparison)) return new($"\"{word}\" {reason}", allowed);
        return new($"\"{text.Value}\" is not known", allowed);
    }

    public override string Print(T value) => choices.First(choice => EqualityComparer<T>.Default.Equals(choice.Value, value)).Word;
}
