using PoolProxy.Core.Doctor;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Doctor;

/// <summary>What the doctor makes of configurations other than the demo's: levels, several databases, logins that do not come in.</summary>
public sealed class DoctorLevelTests
{
    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Under_set_role_the_login_may_have_every_role_of_the_rules_and_no_other(int major)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { Level = "set_role" });
        UpstreamReport upstream = Assert.Single((await DemoWorlds.ExamineAsync(here.Proxy.ConfigurationFile)).Upstreams);
        Assert.Equal([here.Writers, here.Readers], upstream.Upstream.Roles);
        Assert.Contains(upstream.Findings, finding => finding.What == "the login is a member of what it serves, and of nothing else");

        await here.Database.ExecuteAsync($"create role {here.Database.Role("third")}; grant {here.Database.Role("third")} to {here.Login}");
        Assert.Contains(
            (await DemoWorlds.ExamineAsync(here.Proxy.ConfigurationFile)).Findings,
            finding => finding.Level == FindingLevel.Fault && finding.What.Contains($"is a member of \"{here.Database.Role("third")}\"", StringComparison.Ordinal));
        await here.Database.ExecuteAsync($"drop role {here.Database.Role("third")}");
    }

    [Fact]
    public async Task Under_exclusive_dblink_is_no_fault()
    {
        await using Installation here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions { Level = "exclusive" });
        await here.Database.ExecuteAsync("create extension dblink");
        DoctorReport report = await DemoWorlds.ExamineAsync(here.Proxy.ConfigurationFile);
        Assert.Equal(2, report.Upstreams.Count);
        Assert.DoesNotContain(report.Findings, finding => finding.What.Contains("dblink", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_two_logins_of_a_server_have_in_common_is_said_once()
    {
        await using Installation here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major);
        await here.Database.ExecuteAsync("grant create on schema public to public");
        Assert.Single((await DemoWorlds.ExamineAsync(here.Proxy.ConfigurationFile)).Findings, finding => finding.What.Contains("in schema public", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_login_that_does_not_come_in_is_explained_by_another_of_the_same_server(int major)
    {
        await using Installation here = await Installation.StartAsync(major);

        // A password whose time is over is refused with the words for a wrong one.
        await here.Database.ExecuteAsync($"grant test_scram to {here.Login}; alter role {here.Login} password 'right' valid until '2020-01-01'");
        await here.Proxy.ReloadAsync(text => text.Replace($"user = \"{here.Login}\"", $"user = \"{here.Login}\"\npassword = \"right\"", StringComparison.Ordinal));
        DoctorReport report = await DemoWorlds.ExamineAsync(here.Proxy.ConfigurationFile);
        Assert.False(report.HasTrouble);
        Finding finding = Assert.Single(report.Findings, one => one.What.Contains("has expired", StringComparison.Ordinal));
        await here.Database.ExecuteAsync(Assert.Single(finding.Sql));
        Assert.DoesNotContain((await DemoWorlds.ExamineAsync(here.Proxy.ConfigurationFile)).Findings, one => one.What.Contains("has expired", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_setting_that_the_server_does_not_know_shows_when_the_pool_logs_in()
    {
        await using Sandbox.Demo.DemoWorld world = await Sandbox.Demo.DemoWorld.StartAsync(new Sandbox.Demo.DemoOptions { Wish = PostgresWish.Exactly(AvailablePostgres.Found[^1].Major) });
        string file = Path.Combine(Path.GetDirectoryName(world.ConfigurationFile)!, "setting.toml");
        await File.WriteAllTextAsync(file, await File.ReadAllTextAsync(world.ConfigurationFile) + "settings = { no_such_setting = \"1\" }\n");
        Finding finding = Assert.Single((await DemoWorlds.ExamineAsync(file)).Findings, one => one.Level == FindingLevel.Fault);
        Assert.Contains("no_such_setting", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_isolation_every_user_that_the_file_knows_is_tried()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        string known = database.Role("known");
        await database.ExecuteAsync($"create role {known} login");
        using var folder = new TemporaryFolder();
        string file = folder.Write("pool.toml", $"""
            [proxy]
            listen_addr = "127.0.0.1"
            auth_type = "plain"
            [users.{known}]
            password = "x"
            [users.stranger]
            password = "x"
            [databases.{database.Name}]
            host = "127.0.0.1"
            port = {database.Cluster.Port}
            [databases."*"]
            host = "127.0.0.1"
            port = {database.Cluster.Port}
            """);
        DoctorReport report = await DemoWorlds.ExamineAsync(file);
        Assert.Equal([known, "stranger"], report.Upstreams.Select(upstream => upstream.Upstream.Login));
        Assert.Equal(FindingLevel.Note, Assert.Single(report.Notes).Level);
        Assert.Contains("\"stranger\" does not exist", Assert.Single(report.Findings, finding => finding.Level == FindingLevel.Fault).What, StringComparison.Ordinal);
    }
}
