using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>docs/escapes.md is what the catalogue expects, and what is possible by design is said in docs/isolation.md.</summary>
public sealed class EscapeTableTests
{
    private const string Page = "docs/escapes.md";

    [Fact]
    public void The_published_table_is_the_catalogue()
    {
        string table = EscapeTable.Render();
        if (Environment.GetEnvironmentVariable("POOLPROXY_ESCAPES") == "write")
        {
            File.WriteAllText(RepositoryFiles.PathOf(Page), table);
        }
        Assert.Equal(table, RepositoryFiles.Read(Page));
    }

    [Fact]
    public void What_is_possible_by_design_stands_in_the_page_on_isolation()
    {
        string page = RepositoryFiles.Read("docs/isolation.md").ReplaceLineEndings(" ");
        foreach (Attack attack in AttackCatalogue.ByName.Values)
        {
            bool isPossible = AttackCatalogue.Levels.Any(level => attack.Ways.Any(way => attack.Expected(level, way, 18) == Outcome.ByDesign || attack.Expected(level, way, 15) == Outcome.ByDesign));
            Assert.True(isPossible == (attack.Cites is not null), $"{attack.Name} is possible somewhere, or cites a line, and not both");
            Assert.True(attack.Cites is null || page.Contains(attack.Cites, StringComparison.Ordinal), $"isolation.md does not say: {attack.Cites}");
        }
    }
}
