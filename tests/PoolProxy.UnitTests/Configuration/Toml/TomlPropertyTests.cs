using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PoolProxy.Configuration.Toml;
using Xunit;

namespace PoolProxy.UnitTests.Configuration.Toml;

public sealed class TomlPropertyTests
{
    private static readonly string[] Pieces =
    [
        "a", "b", ".", "=", "[", "]", "[[", "]]", "{", "}", ",", "\"", "'", "\"\"\"", "'''", "\\", "\\u12", "#", " ", "\t", "\n", "\r\n", "\r", "1", "0x", "_", "-", "+",
        "1979-05-27", "T07:32:00", "Z", ":", "inf", "true", "e5", "\0", "\u007f", "\ud800", "é", "\ufeff",
    ];

    [Fact]
    public void No_text_makes_the_reader_throw_and_every_fault_is_inside_the_text()
    {
        var texts = Gen.Elements(Pieces).ListOf().Select(pieces => string.Concat(pieces)).ToArbitrary();
        Prop.ForAll(texts, text =>
        {
            var lines = text.Count(c => c == '\n') + 1;
            return TomlReader.Read(text).Faults.All(fault => fault.Position.Line >= 1 && fault.Position.Line <= lines && fault.Position.Column >= 1 && fault.Position.Column <= text.Length + 1);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Fact]
    public void A_string_written_as_a_basic_string_comes_back()
    {
        var strings = ArbMap.Default.ArbFor<string>().Filter(text => text is not null && IsWellFormed(text));
        Prop.ForAll(strings, text =>
        {
            var document = TomlReader.Read($"key = {Write(text)}\n{Write(text)} = 1\n");
            return document.Root.TryGet("key", out var entry) && ((TomlString)entry.Value).Value == text
                && (text == "key" || document.Root.TryGet(text, out _));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Every_integer_comes_back_from_each_radix() =>
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), number =>
        {
            var positive = number & long.MaxValue;
            var array = (TomlArray)TomlReader.Read(string.Create(CultureInfo.InvariantCulture, $"a = [{number}, 0x{positive:x}, 0b{positive:b}]")).Root.Entries[0].Value;
            return array.Items.Select(item => ((TomlInteger)item).Value).SequenceEqual([number, positive, positive]);
        }).QuickCheckThrowOnFailure();

    private static bool IsWellFormed(string text) => !text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar);

    private static string Write(string text)
    {
        var written = new StringBuilder("\"");
        foreach (var c in text)
            written.Append(c < ' ' || c is '"' or '\\' or '\u007f' ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}") : c.ToString());
        return written.Append('"').ToString();
    }
}
