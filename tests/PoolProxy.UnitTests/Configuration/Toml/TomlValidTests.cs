using PoolProxy.Configuration;
using PoolProxy.Configuration.Toml;
using Xunit;

namespace PoolProxy.UnitTests.Configuration.Toml;

public sealed class TomlValidTests
{
    [Theory]
    // Keys
    [InlineData("", "{}")]
    [InlineData("# only a comment", "{}")]
    [InlineData("a=1", "{a=1}")]
    [InlineData("bare_key-1 = 1\n1234 = 2\n\"127.0.0.1\" = 3\n'quoted \"value\"' = 4\n\"\" = 5", "{bare_key-1=1, 1234=2, 127.0.0.1=3, quoted \"value\"=4, =5}")]
    [InlineData("a.b.c = 1\na.d = 2", "{a={b={c=1}, d=2}}")]
    [InlineData("a . \"b.c\" . 'd' = 1", "{a={b.c={d=1}}}")]
    [InlineData("3.14159 = 'pi'", "{3={14159='pi'}}")]
    [InlineData("apple.type = 1\norange.type = 2\napple.skin = 3", "{apple={type=1, skin=3}, orange={type=2}}")]
    [InlineData("true = 1\ninf = 2\n-1 = 3", "{true=1, inf=2, -1=3}")]
    [InlineData("  \t a \t=\t 1 \t # c", "{a=1}")]
    [InlineData("\"\\u0061\" = 1", "{a=1}")]
    // Strings
    [InlineData("a = \"I'm a string. \\\"quoted\\\".\\tTab\"", "{a='I'm a string. \"quoted\".\tTab'}")]
    [InlineData("a = \"\\b\\f\\r\\\\ \\u00e9 \\U0001F600\"", "{a='\b\f\r\\ é 😀'}")]
    [InlineData("a = ''", "{a=''}")]
    [InlineData("a = 'C:\\Users'", "{a='C:\\Users'}")]
    [InlineData("a = \"\"\"\nRoses\nViolets\"\"\"", "{a='Roses<LF>Violets'}")]
    [InlineData("a = \"\"\"\r\nRoses\r\nViolets\"\"\"", "{a='Roses<LF>Violets'}")]
    [InlineData("a = \"\"\"\\\n   The quick \\\n\n\n   brown \\  \n  fox\\n\"\"\"", "{a='The quick brown fox<LF>'}")]
    [InlineData("a = \"\"\"Here are two: \"\". \"\"\"", "{a='Here are two: \"\". '}")]
    [InlineData("a = \"\"\"\"one\"\"\"\"", "{a='\"one\"'}")]
    [InlineData("a = \"\"\"\"\"two\"\"\"\"\"", "{a='\"\"two\"\"'}")]
    [InlineData("a = \"\"\"\"\"\"", "{a=''}")]
    [InlineData("a = \"\"\"three \"\"\\\" \"\"\"", "{a='three \"\"\" '}")]
    [InlineData("a = '''I [dw]on't need \\d{2} apples'''", "{a='I [dw]on't need \\d{2} apples'}")]
    [InlineData("a = '''\nfirst\n \\\n'''", "{a='first<LF> \\<LF>'}")]
    [InlineData("a = ''''two''''", "{a=''two''}")]
    [InlineData("a = \"# no comment\" # comment", "{a='# no comment'}")]
    [InlineData("a = \"tab\there\"", "{a='tab\there'}")]
    // Integers
    [InlineData("a = [+99, 42, 0, -17, -0, +0]", "{a=[99, 42, 0, -17, 0, 0]}")]
    [InlineData("a = [1_000, 5_349_221, 1_2_3_4_5]", "{a=[1000, 5349221, 12345]}")]
    [InlineData("a = [0xDEADBEEF, 0xdead_beef, 0o01234567, 0o755, 0b11010110, 0x0]", "{a=[3735928559, 3735928559, 342391, 493, 214, 0]}")]
    [InlineData("a = [9223372036854775807, -9223372036854775808, 0x7fffffffffffffff]", "{a=[9223372036854775807, -9223372036854775808, 9223372036854775807]}")]
    // Floats
    [InlineData("a = [+1.0, 3.1415, -0.01, 5e+22, 1e06, -2E-2, 6.626e-34, 224_617.445_991_228, 1e1_0]", "{a=[f1, f3.1415, f-0.01, f5E+22, f1000000, f-0.02, f6.626E-34, f224617.445991228, f10000000000]}")]
    [InlineData("a = [inf, +inf, -inf, nan, +nan, -nan, 0.0, -0.0, 0e0]", "{a=[fInfinity, fInfinity, f-Infinity, fNaN, fNaN, fNaN, f0, f-0, f0]}")]
    // Booleans, dates and times
    [InlineData("a = true\nb = false", "{a=true, b=false}")]
    [InlineData("a = 1979-05-27T07:32:00Z", "{a=1979-05-27T07:32:00+00:00}")]
    [InlineData("a = 1979-05-27T00:32:00.999999-07:00", "{a=1979-05-27T00:32:00.999999-07:00}")]
    [InlineData("a = 1979-05-27 07:32:00z", "{a=1979-05-27T07:32:00+00:00}")]
    [InlineData("a = 1979-05-27t07:32:00.12345678901+05:30", "{a=1979-05-27T07:32:00.1234567+05:30}")]
    [InlineData("a = 1979-05-27T07:32:00+23:59", "{a=1979-05-26T07:33:00+00:00}")]
    [InlineData("a = 1979-05-27T07:32:00.5", "{a=1979-05-27T07:32:00.5}")]
    [InlineData("a = 1979-05-27 # date", "{a=1979-05-27}")]
    [InlineData("a = 2000-02-29", "{a=2000-02-29}")]
    [InlineData("a = [07:32:00, 00:32:00.999]", "{a=[07:32:00, 00:32:00.999]}")]
    // Arrays
    [InlineData("a = [ [ 1, 2 ], [\"a\", 'b', \"\"\"c\"\"\"], [], {} ]", "{a=[[1, 2], ['a', 'b', 'c'], [], {}]}")]
    [InlineData("a = [\n  1, # one\n\n  # between\n  2, \n]", "{a=[1, 2]}")]
    [InlineData("a = [1,2,]", "{a=[1, 2]}")]
    [InlineData("a = [0.1, 1, 'x', { b = 1 }]", "{a=[f0.1, 1, 'x', {b=1}]}")]
    // Tables
    [InlineData("[table]\nkey = 1\n[other]\nkey = 2", "{table={key=1}, other={key=2}}")]
    [InlineData("[dog.\"tater.man\"]\ntype.name = 'pug'", "{dog={tater.man={type={name='pug'}}}}")]
    [InlineData("[ j . \"ʞ\" . 'l' ]", "{j={ʞ={l={}}}}")]
    [InlineData("[x.y.z.w]\n[x]\na = 1", "{x={y={z={w={}}}, a=1}}")]
    [InlineData("[a.b]\nx = 1\n[a]\ny = 2\n[a.c]", "{a={b={x=1}, y=2, c={}}}")]
    [InlineData("[fruit]\napple.color = 'red'\napple.taste.sweet = true\n[fruit.apple.texture]\nsmooth = true", "{fruit={apple={color='red', taste={sweet=true}, texture={smooth=true}}}}")]
    [InlineData("[a.b.c]\nz = 9\n[a]\nb.d = 1", "{a={b={c={z=9}, d=1}}}")]
    [InlineData("name = { first = \"Tom\", last = 'P' }\npoint = {x=1,y=2}\nanimal = { type.name = 'pug' }\nempty = {}", "{name={first='Tom', last='P'}, point={x=1, y=2}, animal={type={name='pug'}}, empty={}}")]
    [InlineData("a = { b = [\n1,\n2 ], c = '''\nx''' }", "{a={b=[1, 2], c='x'}}")]
    // Arrays of tables
    [InlineData("[[p]]\nn = 1\n[[p]]\n[[p]]\nn = 3", "{p=[{n=1}, {}, {n=3}]}")]
    [InlineData("[[f]]\nn = 'apple'\n[f.physical]\ncolor = 'red'\n[[f.v]]\nn = 'a'\n[[f.v]]\nn = 'b'\n[[f]]\nn = 'banana'\n[[f.v]]\nn = 'c'", "{f=[{n='apple', physical={color='red'}, v=[{n='a'}, {n='b'}]}, {n='banana', v=[{n='c'}]}]}")]
    [InlineData("[[a.b]]\nx = 1\n[a]\ny = 2", "{a={b=[{x=1}], y=2}}")]
    [InlineData("[[ a . b ]]", "{a={b=[{}]}}")]
    // The text
    [InlineData("\ufeffa = 1", "{a=1}")]
    [InlineData("a = 1\r\n\r\n[b]\r\nc = 2\r\n", "{a=1, b={c=2}}")]
    public void A_valid_document_is_read(string text, string expected)
    {
        var document = TomlReader.Read(text);
        Assert.Empty(document.Faults);
        Assert.Equal(expected, TomlRendering.Render(document.Root));
    }

    [Fact]
    public void Values_and_keys_know_their_line_and_column()
    {
        var document = TomlReader.Read("\ufeff# é\r\n'😀é' = 1\na = \"\"\"\n\n\"\"\"\n  [t]  \n x.y  =  [ 1,\n   { z = 2 } ]\n");
        Assert.Empty(document.Faults);
        Assert.True(document.Root.TryGet("😀é", out var first));
        Assert.Equal((new SourcePosition(2, 1), new SourcePosition(2, 8)), (first.KeyPosition, first.Value.Position));
        Assert.True(document.Root.TryGet("a", out var text));
        Assert.Equal(new SourcePosition(3, 5), text.Value.Position);
        Assert.True(document.Root.TryGet("t", out var t));
        Assert.Equal(new SourcePosition(6, 4), t.KeyPosition);
        Assert.True(((TomlTable)t.Value).TryGet("x", out var x));
        Assert.True(((TomlTable)x.Value).TryGet("y", out var y));
        Assert.Equal((new SourcePosition(7, 4), new SourcePosition(7, 10)), (y.KeyPosition, y.Value.Position));
        var inline = (TomlTable)((TomlArray)y.Value).Items[1];
        Assert.Equal((new SourcePosition(8, 4), new SourcePosition(8, 6)), (inline.Position, inline.Entries[0].KeyPosition));
    }

    [Fact]
    public void An_integer_remembers_its_radix()
    {
        var radixes = ((TomlArray)TomlReader.Read("a = [0o777, 0x1, 0b1, 777]").Root.Entries[0].Value).Items.Select(item => ((TomlInteger)item).Radix);
        Assert.Equal([8, 16, 2, 10], radixes);
    }
}
