using PoolProxy.Core.Doctor;
using PoolProxy.Sandbox.Demo;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Doctor;

/// <summary>The doctor where <c>identity_key</c> is set: whether the database knows the key, and nobody else.</summary>
public sealed class SignedIdentityCheckTests(DemoWorlds worlds) : IClassFixture<DemoWorlds>
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    public static IEnumerable<object[]> Doors =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from door in new (string Break, string What)[]
        {
            ("grant select on poolproxy.keys to public", "PUBLIC has rights on poolproxy.keys"),
            ("grant select (inner_pad) on poolproxy.keys to app_read; grant update on poolproxy.keys to app_read", "app_read has rights on poolproxy.keys"),
            ("alter table poolproxy.keys disable row level security", "row-level security is off on poolproxy.keys"),
            ("grant create on schema poolproxy to app_read; alter function poolproxy.claim(text) owner to app_read", "function poolproxy.claim(name text) belongs to a role"),
        }
        select new object[] { major, door.Break, door.What };

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task It_says_what_is_missing_until_the_database_knows_the_key(int major)
    {
        await using DemoWorld world = await DemoWorld.StartAsync(new DemoOptions { Wish = Sandbox.Postgres.PostgresWish.Exactly(major) });
        string file = await WithKeyAsync(world);
        Assert.Contains("has no functions that verify it", Assert.Single(await FaultsAsync(file)), StringComparison.Ordinal);
        await world.Cluster.ExecuteAsync(RepositoryFiles.Read("conf/identity.sql"), "app");
        Assert.Equal("what the proxy signs is nobody to database \"app\"", Assert.Single(await FaultsAsync(file)));
        await world.Cluster.ExecuteAsync($"select poolproxy.add_key('another key than that of the file')", "app");
        Assert.Single(await FaultsAsync(file));
        await world.Cluster.ExecuteAsync($"select poolproxy.add_key('{Key}')", "app");
        Assert.Empty(await FaultsAsync(file));
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task Who_could_read_the_key_or_replace_the_functions_is_named_and_the_SQL_repairs_it(int major, string broken, string what)
    {
        DemoWorld world = await worlds.OfAsync(major);
        string file = await WithKeyAsync(world);
        await world.Cluster.ExecuteAsync(RepositoryFiles.Read("conf/identity.sql"), "app");
        await world.Cluster.ExecuteAsync($"select poolproxy.add_key('{Key}')", "app");
        await world.Cluster.ExecuteAsync(broken, "app");
        Finding finding = Assert.Single((await DemoWorlds.ExamineAsync(file)).Findings, one => one.Level == FindingLevel.Fault);
        Assert.Contains(what, finding.What, StringComparison.Ordinal);
        await DemoWorlds.RunAsync(world, finding.Sql);
        Assert.Empty(await FaultsAsync(file));
    }

    private static async Task<string> WithKeyAsync(DemoWorld world)
    {
        string file = Path.Combine(Path.GetDirectoryName(world.ConfigurationFile)!, "signed.toml");
        string text = (await File.ReadAllTextAsync(world.ConfigurationFile)).Replace("isolation = \"partitioned\"", $"isolation = \"partitioned\"\nidentity_key = \"{Key}\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, text);
        return file;
    }

    private static async Task<string[]> FaultsAsync(string file) =>
        [.. (await DemoWorlds.ExamineAsync(file)).Findings.Where(finding => finding.Level != FindingLevel.Note).Select(finding => finding.What)];
}
