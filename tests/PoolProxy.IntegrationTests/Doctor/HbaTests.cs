using PoolProxy.Core.Doctor;
using PoolProxy.Sandbox.Demo;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Doctor;

/// <summary>Doors beside the proxy: pg_hba.conf, where it may be read, and how the login itself came in.</summary>
public sealed class HbaTests(DemoWorlds worlds) : IClassFixture<DemoWorlds>
{
    private const string Own = "hostssl app pp_app_read 127.0.0.1/32 cert";

    private static readonly string[] MayRead =
        ["grant select on pg_catalog.pg_hba_file_rules to public", "grant execute on function pg_catalog.pg_hba_file_rules() to public"];

    public static IEnumerable<object[]> Doors =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from door in new (string Line, string What)[]
        {
            ("host all all 0.0.0.0/0 scram-sha-256", "into database \"app\" from anywhere by scram-sha-256"),
            ("host app +app_read 10.0.0.0/8 md5", "from 10.0.0.0 by md5"),
            ("local sameuser,app pp_app_read trust", "from the server's own machine by trust"),
            ("host app pp_app_read ::1/128 password", "from ::1 by password"),
        }
        select new object[] { major, door.Line, door.What };

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task A_line_that_lets_the_login_in_beside_the_proxy_is_a_fault(int major, string line, string what)
    {
        DemoWorld world = await SetAsync(major, Own, line);
        Finding finding = Assert.Single((await DemoWorlds.ExamineAsync(world.ConfigurationFile)).Findings);
        Assert.Equal(FindingLevel.Fault, finding.Level);
        Assert.Contains(what, finding.What, StringComparison.Ordinal);
        Assert.Contains("pg_hba.conf line 3", finding.What, StringComparison.Ordinal);
        Assert.Contains("hostssl app pp_app_read 127.0.0.1/32 cert", finding.Advice, StringComparison.Ordinal);

        // As it advises.
        await SetAsync(major, Own, "host all pp_app_read all reject", "local all pp_app_read reject", line);
        Assert.Empty((await DemoWorlds.ExamineAsync(world.ConfigurationFile)).Findings.Select(one => one.What));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Trust_is_a_fault_where_it_can_be_told(int major)
    {
        DemoWorld world = await SetAsync(major, "hostssl app pp_app_read 127.0.0.1/32 trust");
        string[] found = [.. (await DemoWorlds.ExamineAsync(world.ConfigurationFile)).Findings.Where(finding => finding.Level == FindingLevel.Fault).Select(finding => finding.What)];
        Assert.Contains(found, what => what.Contains("from the proxy's address by trust", StringComparison.Ordinal));

        // SYSTEM_USER tells from 16 on; before, a certificate was shown, and nobody can say whether it was asked for.
        Assert.Equal(major >= 16, found.Contains("login \"pp_app_read\" logs in without any proof"));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_password_is_a_warning(int major)
    {
        DemoWorld world = await SetAsync(major, "hostssl app pp_app_read 127.0.0.1/32 scram-sha-256");
        await DemoWorlds.RunAsync(world, ["alter role pp_app_read password 'right'"]);
        string file = Path.Combine(Path.GetDirectoryName(world.ConfigurationFile)!, "password.toml");
        await File.WriteAllTextAsync(
            file, (await File.ReadAllTextAsync(world.ConfigurationFile)).Replace("user = \"pp_app_read\"", "user = \"pp_app_read\"\npassword = \"right\"", StringComparison.Ordinal));
        Finding finding = Assert.Single((await DemoWorlds.ExamineAsync(file)).Findings);
        Assert.Equal((FindingLevel.Warning, "login \"pp_app_read\" logs in by password"), (finding.Level, finding.What));
        await DemoWorlds.RunAsync(world, ["alter role pp_app_read password null"]);
    }

    private async Task<DemoWorld> SetAsync(int major, params string[] lines)
    {
        DemoWorld world = await worlds.OfAsync(major);
        await DemoWorlds.RunAsync(world, MayRead);
        world.Cluster.HbaLines.Clear();
        foreach (string line in lines)
        {
            world.Cluster.HbaLines.Add(line);
        }

        await world.Cluster.ReloadAsync();
        return world;
    }
}
