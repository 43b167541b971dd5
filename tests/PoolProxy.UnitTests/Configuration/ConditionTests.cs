using PoolProxy.Configuration;
using PoolProxy.Configuration.Model;
using PoolProxy.Configuration.Reading;
using PoolProxy.Configuration.Toml;
using Xunit;

namespace PoolProxy.UnitTests.Configuration;

public sealed class ConditionTests
{
    [Theory]
    [InlineData("when.groups = 'dba'", "groups OneOf Text:dba")]
    [InlineData("when.groups = ['dba', 'ops']", "groups OneOf Text:dba,Text:ops")]
    [InlineData("when.realm.roles = 'x'", "realm>roles OneOf Text:x")]
    [InlineData("when.\"https://example.com/groups\" = 'x'", "https://example.com/groups OneOf Text:x")]
    [InlineData("when.verified = true\nwhen.level = 3", "verified OneOf Boolean:true; level OneOf Integer:3")]
    [InlineData("when.email = { regex = '.*@x' }", "email Regex Text:.*@x")]
    [InlineData("when.email = { contains = '@x' }", "email Contains Text:@x")]
    [InlineData("when.a.b.regex = 'a path, not an operator'", "a>b>regex OneOf Text:a path, not an operator")]
    [InlineData("when = { a.b = 'x', c = { contains = 'y' } }", "a>b OneOf Text:x; c Contains Text:y")]
    [InlineData("[rules.when]\na = 'x'\nb.c = 'y'", "a OneOf Text:x; b>c OneOf Text:y")]
    public void A_condition_is_read(string text, string expected)
    {
        var faults = new FaultList("pool.toml");
        var root = TomlReader.Read("[[rules]]\nissuer = 'i'\nrole = 'r'\n" + text).Root;
        var rule = Assert.Single(new RootReader(new SectionReader(faults, isWhole: true)).Read(root).Rules);
        Assert.Empty(faults.InOrder);
        Assert.Equal(expected, string.Join("; ", rule.When.Select(Render)));
    }

    private static string Render(ClaimCondition condition) =>
        $"{string.Join('>', condition.Claim)} {condition.Match} {string.Join(',', condition.Values.Select(value => $"{value.Kind}:{value.Text}"))}";
}
