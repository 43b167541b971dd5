using PoolProxy.Configuration.Toml;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>Several texts: an array, or one string.</summary>
/// <param name="splitsAtCommas">Whether one string is a list with commas, as in PgBouncer's files.</param>
/// <param name="mayBeEmpty">Whether no text at all is a value.</param>
/// <param name="check">Checks one text: the problem, or null.</param>
internal sealed class TextListKind(bool splitsAtCommas, bool mayBeEmpty = true, Func<string, SettingProblem?>? check = null) : SettingKind<IReadOnlyList<string>>
{
    public override SettingProblem? Read(TomlValue source, out IReadOnlyList<string> value)
    {
        var texts = new List<string>();
        value = texts;
        switch (source)
        {
            case TomlString text:
                foreach (var part in Split(text.Value))
                    if (Take(part, text.Position, texts) is { } problem) return problem;
                break;
            case TomlArray { IsOfTables: false } array:
                foreach (var item in array.Items)
                    if ((item is TomlString text ? Take(text.Value, item.Position, texts) : WrongType(item, "a string") with { Position = item.Position }) is { } problem) return problem;
                break;
            default: return WrongType(source, "a string or an array of strings");
        }
        return texts.Count == 0 && !mayBeEmpty ? new("the list is empty") : null;
    }

    public override string Print(IReadOnlyList<string> value) => string.Join(", ", value);

    public override string Write(IReadOnlyList<string> value) => TomlText.Array(value);

    public override bool AreEqual(IReadOnlyList<string> one, IReadOnlyList<string> other) => one.SequenceEqual(other, StringComparer.Ordinal);

    private string[] Split(string text) => splitsAtCommas
        ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : [text];

    private SettingProblem? Take(string text, SourcePosition position, List<string> texts)
    {
        if (texts.Count == Bounds.ListLength) return new("the list is too long", $"It may have {Bounds.ListLength} elements.", position);
        if (text.Length == 0) return new("an element is empty", null, position);
        var problem = Texts.CheckPlain(text, Bounds.TextLength) ?? check?.Invoke(text);
        if (problem is null) texts.Add(text);
        return problem is null ? null : problem with { Position = position };
    }
}
