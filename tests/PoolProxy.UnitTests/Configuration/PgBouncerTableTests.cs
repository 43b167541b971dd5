using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Model;
using Xunit;

namespace PoolProxy.UnitTests.Configuration;

/// <summary>
/// conf/pgbouncer.md against PgBouncer's settings and against the catalogue: it names each, says what became of it, and does not keep quiet about another default, or about one that
/// only a restart changes here.
/// </summary>
public sealed class PgBouncerTableTests
{
    private const string Proxy = "[pgbouncer]";

    private static readonly Dictionary<string, List<PgBouncerRow>> Tables = Read();

    [Fact]
    public void Every_setting_stands_in_it_in_PgBouncers_order()
    {
        Assert.Equal(PgBouncerSettings.Proxy.Select(setting => setting.Name), Names(Proxy));
        Assert.Equal(PgBouncerSettings.Database, Names("[databases]"));
        Assert.Equal(PgBouncerSettings.User, Names("[users]"));
        Assert.Equal(PgBouncerSettings.Peer, Names("[peers]"));
    }

    [Fact]
    public void What_is_not_the_same_says_why() => Assert.All(
        Tables.Values.SelectMany(rows => rows),
        row =>
        {
            Assert.Contains(row.Verdict, new[] { "same", "better", "not applicable" });
            Assert.True(row.Verdict == "same" || row.Why.Length > 0, row.Name);
        });

    [Fact]
    public void What_does_not_apply_is_taken_and_said_once_and_everything_else_is_a_setting()
    {
        foreach (PgBouncerRow row in Tables[Proxy].Where(row => row.Verdict == "not applicable"))
        {
            Assert.NotNull(RefusedSettings.WhyNotApplicable(RefusedSettings.Proxy, row.Name));
        }
        Assert.Equal([], Missing(Proxy, ProxyCatalogue.Settings, RefusedSettings.Proxy));
        Assert.Equal([], Missing("[databases]", DatabaseCatalogue.Settings, RefusedSettings.Database));
        Assert.Equal([], Missing("[users]", UserCatalogue.Settings, []));
    }

    [Fact]
    public void A_default_of_another_value_is_named()
    {
        var defaults = new ProxySettings();
        foreach ((PgBouncerSetting theirs, Setting<ProxySettings> ours) in Both())
        {
            string own = ours.Print(defaults) ?? "";
            Assert.True(
                theirs.Default is null || own == theirs.Default || Row(theirs.Name).Why.Contains($"Default `{own}`", StringComparison.Ordinal),
                $"{theirs.Name} is \"{own}\" by default, and \"{theirs.Default}\" in PgBouncer: the table has to say \"Default `{own}`\"");
            Assert.Equal(theirs.Default is null ? Row(theirs.Name).Default : $"`{theirs.Default}`".Replace("``", "", StringComparison.Ordinal), Row(theirs.Name).Default);
        }
    }

    [Fact]
    public void What_RELOAD_changes_there_it_changes_here_or_the_table_says_so()
    {
        foreach ((PgBouncerSetting theirs, Setting<ProxySettings> ours) in Both())
        {
            Assert.Equal(theirs.NeedsRestart ? "no" : "yes", Row(theirs.Name).Reload);
            Assert.True(ours.IsChangeable != theirs.NeedsRestart || Row(theirs.Name).Why.Contains("RELOAD", StringComparison.Ordinal), theirs.Name);
        }
    }

    private static IEnumerable<(PgBouncerSetting Theirs, Setting<ProxySettings> Ours)> Both() =>
        PgBouncerSettings.Proxy.Join(ProxyCatalogue.Settings, theirs => theirs.Name, ours => ours.Name, (theirs, ours) => (theirs, ours));

    private static PgBouncerRow Row(string name) => Tables[Proxy].Single(row => row.Name == name);

    private static IEnumerable<string> Names(string section) => Tables[section].Select(row => row.Name);

    private static IEnumerable<string> Missing<TModel>(string section, IReadOnlyList<Setting<TModel>> catalogue, IReadOnlyList<string> refused)
        where TModel : class =>
        Tables[section].Where(row => row.Verdict != "not applicable").Select(row => row.Name).Except(catalogue.Select(setting => setting.Name)).Except(refused);

    private static Dictionary<string, List<PgBouncerRow>> Read()
    {
        var tables = new Dictionary<string, List<PgBouncerRow>>();
        List<PgBouncerRow>? current = null;
        foreach (string line in RepositoryFiles.Read("conf/pgbouncer.md").Split('\n'))
        {
            if (line.StartsWith("## `[", StringComparison.Ordinal))
            {
                tables[line[4..].TrimEnd('`')] = current = [];
            }
            else if (line.StartsWith("| `", StringComparison.Ordinal))
            {
                string[] cells = [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];
                current!.Add(cells.Length == 5
                    ? new PgBouncerRow(cells[0].Trim('`'), cells[1], cells[2], cells[3], cells[4])
                    : new PgBouncerRow(cells[0].Trim('`'), "", "", cells[1], cells[2]));
            }
        }
        return tables;
    }
}
