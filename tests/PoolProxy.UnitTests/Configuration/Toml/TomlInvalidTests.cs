using PoolProxy.Configuration.Toml;
using Xunit;

namespace PoolProxy.UnitTests.Configuration.Toml;

public sealed class TomlInvalidTests
{
    [Theory]
    // Keys and lines
    [InlineData("a", 1, 2)]
    [InlineData("= 1", 1, 1)]
    [InlineData("a =", 1, 4)]
    [InlineData("a = \nb = 1", 1, 5)]
    [InlineData("a = 1 b = 2", 1, 7)]
    [InlineData("a b = 1", 1, 3)]
    [InlineData("a. = 1", 1, 4)]
    [InlineData(".a = 1", 1, 1)]
    [InlineData("a..b = 1", 1, 3)]
    [InlineData("é = 1", 1, 1)]
    [InlineData("\"\"\"a\"\"\" = 1", 1, 1)]
    [InlineData("\"a\nb\" = 1", 1, 1)]
    [InlineData("a = 1\na = 2", 2, 1)]
    [InlineData("a = 1\n\"a\" = 2", 2, 1)]
    [InlineData("a = 1\na.b = 2", 2, 1)]
    [InlineData("a.b.c = 1\na.b = 2", 2, 3)]
    [InlineData("a.b = 1\na.b.c = 2", 2, 3)]
    // Strings
    [InlineData("a = \"open", 1, 5)]
    [InlineData("a = 'open\nb = 1", 1, 5)]
    [InlineData("a = \"open\\\"", 1, 5)]
    [InlineData("a = \"open\\", 1, 10)]
    [InlineData("a = \"x\\\ny\"", 1, 7)]
    [InlineData("a = \"\"\"open", 1, 5)]
    [InlineData("a = '''open''", 1, 5)]
    [InlineData("a = \"\"\"six\"\"\"\"\"\"", 1, 16)]
    [InlineData("a = \"\\a\"", 1, 6)]
    [InlineData("a = \"\\x41\"", 1, 6)]
    [InlineData("a = \"\\e\"", 1, 6)]
    [InlineData("a = \"\\u12\"", 1, 6)]
    [InlineData("a = \"\\ud800\"", 1, 6)]
    [InlineData("a = \"\\UFFFFFFFF\"", 1, 6)]
    [InlineData("a = \"\\U00110000\"", 1, 6)]
    [InlineData("a = \"\"\"x \\ y\"\"\"", 1, 10)]
    [InlineData("a = \"nul\0\"", 1, 9)]
    [InlineData("a = 'del\u007f'", 1, 9)]
    [InlineData("# bell\u0007\na = 1", 1, 7)]
    [InlineData("a = 'x\ry'", 1, 7)]
    [InlineData("a = 1\rb = 2", 1, 6)]
    [InlineData("a = text", 1, 5)]
    [InlineData("a = True", 1, 5)]
    [InlineData("a = 'x' 'y'", 1, 9)]
    // Numbers
    [InlineData("a = 012", 1, 5)]
    [InlineData("a = -01", 1, 5)]
    [InlineData("a = 0_1", 1, 5)]
    [InlineData("a = 00.1", 1, 5)]
    [InlineData("a = 1__2", 1, 5)]
    [InlineData("a = _1", 1, 5)]
    [InlineData("a = 1_", 1, 5)]
    [InlineData("a = ++1", 1, 5)]
    [InlineData("a = +", 1, 5)]
    [InlineData("a = +0x1", 1, 5)]
    [InlineData("a = -0b1", 1, 5)]
    [InlineData("a = 0x", 1, 5)]
    [InlineData("a = 0xG", 1, 5)]
    [InlineData("a = 0x_1", 1, 5)]
    [InlineData("a = 0o8", 1, 5)]
    [InlineData("a = 0b2", 1, 5)]
    [InlineData("a = 0X1", 1, 5)]
    [InlineData("a = 9223372036854775808", 1, 5)]
    [InlineData("a = -9223372036854775809", 1, 5)]
    [InlineData("a = 0x8000000000000000", 1, 5)]
    [InlineData("a = .5", 1, 5)]
    [InlineData("a = 5.", 1, 5)]
    [InlineData("a = 5.e1", 1, 5)]
    [InlineData("a = 1e", 1, 5)]
    [InlineData("a = 1e1.5", 1, 5)]
    [InlineData("a = 1._5", 1, 5)]
    [InlineData("a = 1_.5", 1, 5)]
    [InlineData("a = 1e_5", 1, 5)]
    [InlineData("a = Inf", 1, 5)]
    [InlineData("a = NaN", 1, 5)]
    // Dates
    [InlineData("a = 1979-13-01", 1, 5)]
    [InlineData("a = 1979-02-29", 1, 5)]
    [InlineData("a = 1979-5-27", 1, 5)]
    [InlineData("a = 1979-05-27T25:00:00", 1, 5)]
    [InlineData("a = 1979-05-27T07:32", 1, 5)]
    [InlineData("a = 1979-05-27T07:32:00.", 1, 5)]
    [InlineData("a = 1979-05-27T07:32:00+24:00", 1, 5)]
    [InlineData("a = 1979-05-27T07:32:00+0100", 1, 5)]
    [InlineData("a = 1979-05-27T", 1, 5)]
    [InlineData("a = 1979-05-27X07:32:00", 1, 5)]
    [InlineData("a = 0001-01-01T00:00:00+01:00", 1, 5)]
    [InlineData("a = 24:00:00", 1, 5)]
    [InlineData("a = 07:32:61", 1, 5)]
    [InlineData("a = 7:32:00", 1, 5)]
    [InlineData("a = 07:32:00Z", 1, 5)]
    // Arrays and inline tables
    [InlineData("a = [1, 2", 1, 5)]
    [InlineData("a = [1 2]", 1, 8)]
    [InlineData("a = [,1]", 1, 6)]
    [InlineData("a = [1,,2]", 1, 8)]
    [InlineData("a = ]", 1, 5)]
    [InlineData("a = { b = 1, }", 1, 14)]
    [InlineData("a = { b = 1\n}", 1, 12)]
    [InlineData("a = {\nb = 1 }", 1, 6)]
    [InlineData("a = { b = 1 c = 2 }", 1, 13)]
    [InlineData("a = { b = 1, b = 2 }", 1, 14)]
    [InlineData("a = { b = {c = 1}, b.d = 2 }", 1, 20)]
    [InlineData("a = { b.c = 1, b = 2 }", 1, 16)]
    [InlineData("a = { b }", 1, 9)]
    [InlineData("a = { b = 1 }\na.c = 2", 2, 1)]
    [InlineData("a = { b.c = 1 }\n[a.b]", 2, 2)]
    [InlineData("a = { b = 1 }\n[a.c]", 2, 2)]
    [InlineData("a = { b = 1 }\n[a]", 2, 2)]
    // Tables
    [InlineData("[a", 1, 3)]
    [InlineData("[]", 1, 2)]
    [InlineData("[a]]", 1, 4)]
    [InlineData("[a.]", 1, 4)]
    [InlineData("[a] b = 1", 1, 5)]
    [InlineData("[a b]", 1, 4)]
    [InlineData("[[a]", 1, 4)]
    [InlineData("[[]]", 1, 3)]
    [InlineData("[ [a]]", 1, 3)]
    [InlineData("[a]\n[a]", 2, 2)]
    [InlineData("[a]\nb = 1\n[a.b]", 3, 4)]
    [InlineData("[a]\nb = 1\n[a.b.c]", 3, 4)]
    [InlineData("a.b = 1\n[a]", 2, 2)]
    [InlineData("[fruit]\napple.color = 1\n[fruit.apple]", 3, 8)]
    [InlineData("[fruit]\napple.taste.sweet = 1\n[fruit.apple.taste]", 3, 14)]
    [InlineData("[a.b.c]\nz = 9\n[a]\nb.c.t = 1", 4, 3)]
    [InlineData("[a.b.c.d]\nz = 9\n[a]\nb.c.d.k.t = 1", 4, 5)]
    [InlineData("[a.b.c]\n[a]\nb.d = 1\n[a.b]", 4, 4)]
    // Arrays of tables
    [InlineData("a = []\n[[a]]", 2, 3)]
    [InlineData("a = [{ b = 1 }]\n[a.c]", 2, 2)]
    [InlineData("[a]\n[[a]]", 2, 3)]
    [InlineData("[[a]]\n[a]", 2, 2)]
    [InlineData("[a.b]\n[[a]]", 2, 3)]
    [InlineData("[[a.b]]\n[a]\nb.c = 1", 3, 1)]
    [InlineData("[[a]]\nb = 1\n[[a.b]]", 3, 5)]
    public void An_invalid_document_is_refused_at_its_place(string text, int line, int column)
    {
        var fault = TomlReader.Read(text).Faults[0]; // a string cut by its line's end leaves a second fault on the next
        Assert.Equal((line, column), (fault.Position.Line, fault.Position.Column));
        Assert.NotEmpty(fault.Message);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused()
    {
        // Not inline data: the runner cannot carry it.
        Assert.Equal(6, Assert.Single(TomlReader.Read("a = '\ud800'").Faults).Position.Column);
        Assert.Equal(6, Assert.Single(TomlReader.Read("a = '\udc00\ud83d\ude00'").Faults).Position.Column);
    }

    [Fact]
    public void Reading_goes_on_behind_each_fault()
    {
        var document = TomlReader.Read("a = 01\nb = 2\n[c\nd = 4\n[e]\nf = 'x\ng = [1,\n  oops,\n  [2],\n  3 ]\nh = 8\n");
        Assert.Equal([1, 3, 6, 8], document.Faults.Select(fault => fault.Position.Line));
        Assert.Equal("{b=2, e={h=8}}", TomlRendering.Render(document.Root));
    }

    [Fact]
    public void The_lines_of_a_table_defined_twice_are_not_blamed_again()
    {
        var document = TomlReader.Read("[a]\nx = 1\n[a]\nx = 2\n[b]\ny = 3");
        Assert.Equal(3, Assert.Single(document.Faults).Position.Line);
        Assert.Equal("{a={x=1}, b={y=3}}", TomlRendering.Render(document.Root));
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        static string Nested(int depth) => "a = " + new string('[', depth) + new string(']', depth);
        Assert.Empty(TomlReader.Read(Nested(TomlLimits.MaxDepth)).Faults);
        Assert.Equal(5 + TomlLimits.MaxDepth, Assert.Single(TomlReader.Read(Nested(TomlLimits.MaxDepth + 1)).Faults).Position.Column);
        Assert.Single(TomlReader.Read(Nested(100_000)).Faults);
        Assert.Empty(TomlReader.Read(string.Join('.', Enumerable.Repeat("a", TomlLimits.MaxDepth)) + " = 1").Faults);
        Assert.Single(TomlReader.Read(string.Join('.', Enumerable.Repeat("a", TomlLimits.MaxDepth + 1)) + " = 1").Faults);
    }

    [Fact]
    public void The_length_of_a_text_is_bounded()
    {
        Assert.Empty(TomlReader.Read(new string(' ', TomlLimits.MaxTextLength)).Faults);
        Assert.Single(TomlReader.Read(new string(' ', TomlLimits.MaxTextLength + 1)).Faults);
    }

    [Fact]
    public void The_number_of_faults_is_bounded() =>
        Assert.Equal(TomlLimits.MaxFaults, TomlReader.Read(string.Concat(Enumerable.Repeat("oops\n", 10_000))).Faults.Count);
}
