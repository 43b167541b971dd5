using PoolProxy.Core.Doctor;
using PoolProxy.Sandbox.Demo;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Doctor;

/// <summary>The doctor on the demo's database: clean as it is, and broken in each way it names the fault, and its SQL repairs it.</summary>
public sealed class DoctorTests(DemoWorlds worlds) : IClassFixture<DemoWorlds>
{
    public static IEnumerable<object[]> Broken =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from ailment in Ailments.All
        where major >= ailment.Majors.Least && major <= ailment.Majors.Greatest
        select new object[] { major, ailment.Name };

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task The_demos_database_is_clean(int major)
    {
        DemoWorld world = await worlds.OfAsync(major);
        DoctorReport report = await DemoWorlds.ExamineAsync(world.ConfigurationFile);
        AssertClean(report);
        UpstreamReport upstream = Assert.Single(report.Upstreams);
        Assert.StartsWith($"{major}.", upstream.Version, StringComparison.Ordinal);

        // Praised for each check but the one that it has no right to make and those for identities that are signed and for auth_query, and for the pool's own login.
        Assert.Equal(CheckList.All.Count - 2, upstream.Findings.Count(finding => finding.Level == FindingLevel.Ok));
        Assert.Contains("pg_hba.conf could not be read", Assert.Single(report.Findings).What, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_is_broken_is_named_and_the_SQL_repairs_it(int major, string name)
    {
        Ailment ailment = Ailments.All.Single(one => one.Name == name);
        DemoWorld world = await worlds.OfAsync(major);
        await DemoWorlds.RunAsync(world, Statements(ailment.Break, major));
        await TakeEffectAsync(world, ailment);

        DoctorReport report = await DemoWorlds.ExamineAsync(world.ConfigurationFile);
        Finding finding = Assert.Single(report.Findings, one => one.What.Contains(ailment.What, StringComparison.Ordinal));
        Assert.Equal(ailment.Level, finding.Level);
        Assert.NotEmpty(finding.Sql);
        Assert.All(finding.Sql, statement => Assert.Matches("^[A-Z][^\n]*;$", statement));
        Assert.False(report.HasTrouble);

        // A login that is not there hides what else is missing: a second visit names it.
        for (int visit = 0; visit < 3 && report.Findings.Any(one => one.Sql.Count > 0); visit++)
        {
            await DemoWorlds.RunAsync(world, report.Findings.SelectMany(one => one.Sql).Distinct());
            await TakeEffectAsync(world, ailment);
            report = await DemoWorlds.ExamineAsync(world.ConfigurationFile);
        }

        AssertClean(report);
        await DemoWorlds.RunAsync(world, Statements(ailment.CleanUp, major));
        if (ailment.CleanUp.Length > 0)
        {
            await TakeEffectAsync(world, ailment);
            AssertClean(await DemoWorlds.ExamineAsync(world.ConfigurationFile));
        }
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Who_has_allowed_an_unsafe_login_is_warned_and_nothing_more(int major)
    {
        DemoWorld world = await worlds.OfAsync(major);
        string file = Path.Combine(Path.GetDirectoryName(world.ConfigurationFile)!, "allowed.toml");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(world.ConfigurationFile)).Replace("[proxy]", "[proxy]\nallow_unsafe_login = true", StringComparison.Ordinal));
        await DemoWorlds.RunAsync(world, ["alter role pp_app_read createrole"]);
        DoctorReport report = await DemoWorlds.ExamineAsync(file);
        Assert.Equal(FindingLevel.Warning, Assert.Single(report.Findings, finding => finding.What.Contains("CREATEROLE", StringComparison.Ordinal)).Level);
        await DemoWorlds.RunAsync(world, ["alter role pp_app_read nocreaterole"]);
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task What_the_server_does_not_answer_is_no_praise_and_the_other_checks_go_on(int major)
    {
        DemoWorld world = await worlds.OfAsync(major);
        await DemoWorlds.RunAsync(world, ["revoke select on pg_catalog.pg_db_role_setting from public"]);
        DoctorReport report = await DemoWorlds.ExamineAsync(world.ConfigurationFile);
        await DemoWorlds.RunAsync(world, ["grant select on pg_catalog.pg_db_role_setting to public"]);
        Assert.StartsWith("not checked, because the server answered 42501", Assert.Single(report.Findings, finding => finding.Level == FindingLevel.Warning).What, StringComparison.Ordinal);

        // The pool asks the same behind each login.
        Assert.Contains("cannot log in: 42501", Assert.Single(report.Findings, finding => finding.Level == FindingLevel.Fault).What, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Statements(string[] statements, int major) =>
        statements.Select(statement => statement.Replace("{options}", major >= 16 ? " with inherit false, set true" : "", StringComparison.Ordinal));

    private static async Task TakeEffectAsync(DemoWorld world, Ailment ailment)
    {
        if (ailment.Takes == "restart")
        {
            await world.Cluster.RestartServerAsync();
        }
        else if (ailment.Takes == "reload")
        {
            await world.Cluster.ReloadAsync();
        }
    }

    private static void AssertClean(DoctorReport report)
    {
        Assert.False(report.HasTrouble);
        Assert.Empty(report.Findings.Where(finding => finding.Level != FindingLevel.Note).Select(finding => finding.What));
    }
}
