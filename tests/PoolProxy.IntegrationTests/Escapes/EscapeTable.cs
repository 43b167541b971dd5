using System.Text;

namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>docs/escapes.md: what the catalogue expects, for readers.</summary>
internal static class EscapeTable
{
    private const int LongestName = 90;

    public static string Render()
    {
        var text = new StringBuilder(Head);
        foreach ((string area, IReadOnlyList<Attack> attacks) in AttackCatalogue.Areas)
        {
            text.Append($"\n## {area}\n\n| attack | `partitioned` | `set_role` | `exclusive` |\n|---|---|---|---|\n");
            foreach (Attack attack in attacks)
            {
                text.Append($"| {Escape(attack.Name)} | {string.Join(" | ", AttackCatalogue.Levels.Select(level => Cell(attack, level)))} |\n");
            }
        }
        text.Append("\n## Possible, by design\n\nWhat docs/isolation.md says of each attack that is possible somewhere.\n\n");
        foreach (IGrouping<string, Attack> group in AttackCatalogue.ByName.Values.Where(attack => attack.Cites is not null).GroupBy(attack => attack.Cites!))
        {
            text.Append($"- \"{group.Key}\": {string.Join("; ", group.Select(attack => Escape(attack.Name)))}.\n");
        }
        return text.ToString();
    }

    private static string Cell(Attack attack, string level)
    {
        int[] majors = [15, 18];
        var cells = attack.Ways.SelectMany(way => majors.Select(major => (Way: way, Major: major, Outcome: attack.Expected(level, way, major)))).ToList();
        Outcome usual = level switch { "partitioned" => attack.Partitioned, "set_role" => attack.SetRole, _ => attack.Exclusive };
        List<IGrouping<Outcome, (Way Way, int Major, Outcome Outcome)>> others = [.. cells.Where(cell => cell.Outcome != usual).GroupBy(cell => cell.Outcome)];
        if (others.Sum(group => group.Count()) == cells.Count && others.Count == 1)
        {
            return Word(others[0].Key);
        }
        return string.Join("; ", others.Select(group => $"{Word(group.Key)} ({string.Join(", ", Conditions(group))})").Prepend(Word(usual)));
    }

    private static IEnumerable<string> Conditions(IEnumerable<(Way Way, int Major, Outcome Outcome)> cells) =>
        cells.GroupBy(cell => cell.Way).Select(way => Word(way.Key) + (way.Count() == 1 ? $" on {way.First().Major}" : ""));

    private static string Word(Outcome outcome) => outcome switch
    {
        Outcome.Harmless => "harmless",
        Outcome.PostgreSQL => "stopped by PostgreSQL",
        Outcome.Proxy => "stopped by the proxy",
        _ => "**possible, by design**",
    };

    private static string Word(Way way) => way == Way.MultiStatement ? "multi-statement" : way.ToString().ToLowerInvariant();

    private static string Escape(string name)
    {
        string line = name.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);
        return line.Length > LongestName ? line[..LongestName] + "…" : line;
    }

    private const string Head = """
        # Escapes

        What a hostile client tries, and how it ends: each attack is sent as simple queries, by the extended protocol, as prepared statements, pipelined, in one batch behind one
        Sync, and in one Query with several statements; at each level of isolation; on PostgreSQL 15 and 18; on a pool of one server and on a busy one; and both again with
        `pipelining = true`. This page is what the tests expect (`tests/PoolProxy.IntegrationTests/Escapes`): written from [isolation.md](isolation.md), compared with what happens, and a
        change in any cell fails.

        - **stopped by PostgreSQL**: PostgreSQL's own error, and nothing was reached.
        - **stopped by the proxy**: 42501 with a hint; or the server connection was given up (08006) because it could not be made safe.
        - **harmless**: it ran, and reached nothing that it should not.
        - **possible, by design**: it reached what it was after, as isolation.md says of this level.

        On a busy pool statements that are sent one by one meet other servers, or others in between, and an attack that needs several may end sooner than the table says. It may not reach more.

        After each attack alice (of the attacker's role) and wendy (of another) are served by the same sessions, and are who they are and see their own rows.

        `dotnet test tests/PoolProxy.IntegrationTests --filter FullyQualifiedName~Escapes` tries the pool of one, and what is left in a session on a busy pool that
        pipelines; with `POOLPROXY_ESCAPES=full` in the environment everything on every pool, and leaving at every byte. `POOLPROXY_ESCAPES=write` writes this page.

        """;
}
