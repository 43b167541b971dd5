using PoolProxy.Commands;
using PoolProxy.Sandbox;
using PoolProxy.Sandbox.Demo;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Doctor;

/// <summary><c>poolproxy doctor FILE</c>: what it prints and how it ends.</summary>
public sealed class DoctorCommandTests(DemoWorlds worlds) : IClassFixture<DemoWorlds>
{
    private static readonly int Major = AvailablePostgres.Found[^1].Major;

    [Fact]
    public async Task A_clean_database_ends_with_0()
    {
        (int code, string output) = await RunAsync((await worlds.OfAsync(Major)).ConfigurationFile);
        Assert.Equal(ExitCode.Ok, code);
        Assert.Matches(@"app/pp_app_read@127\.0\.0\.1:\d+: PostgreSQL \d+[^,]*, database ""app"", isolation partitioned, for app_read\n", output);
        Assert.Contains("  ok       the login is no superuser\n", output, StringComparison.Ordinal);
        Assert.EndsWith("\n0 faults, 0 warnings\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_warning_ends_with_0_and_a_fault_with_1_and_the_SQL_stands_alone_on_its_line()
    {
        DemoWorld world = await worlds.OfAsync(Major);
        await DemoWorlds.RunAsync(world, ["alter role pp_app_read createdb"]);
        (int code, string output) = await RunAsync(world.ConfigurationFile);
        Assert.Equal(ExitCode.Ok, code);
        Assert.EndsWith("\n0 faults, 1 warning\n", output, StringComparison.Ordinal);

        await DemoWorlds.RunAsync(world, ["alter role pp_app_read bypassrls"]);
        (code, output) = await RunAsync(world.ConfigurationFile);
        Assert.Equal(ExitCode.Fault, code);
        Assert.Contains("  FAULT    login \"pp_app_read\" has BYPASSRLS\n", output, StringComparison.Ordinal);
        Assert.EndsWith("\n1 fault, 1 warning\n", output, StringComparison.Ordinal);

        string[] sql = [.. output.Split('\n').Where(line => line.StartsWith("             ", StringComparison.Ordinal)).Select(line => line.Trim())];
        Assert.Equal(["ALTER ROLE \"pp_app_read\" NOBYPASSRLS;", "ALTER ROLE \"pp_app_read\" NOCREATEDB;"], sql);
        await DemoWorlds.RunAsync(world, sql);
        Assert.Equal(ExitCode.Ok, (await RunAsync(world.ConfigurationFile)).Code);
    }

    [Fact]
    public async Task A_file_that_is_not_there_or_has_faults_ends_with_2()
    {
        using var folder = new TemporaryFolder();
        (int code, string output) = await RunAsync(Path.Combine(folder.Path, "missing.toml"));
        Assert.Equal(ExitCode.DoctorTrouble, code);
        Assert.Contains("no such file", output, StringComparison.Ordinal);
        (code, output) = await RunAsync(folder.Write("pool.toml", "[proxy]\nlisten_adr = 1\n"));
        Assert.Equal(ExitCode.DoctorTrouble, code);
        Assert.Contains("pool.toml:2:1: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_ends_with_2()
    {
        using var folder = new TemporaryFolder();
        (int code, string output) = await RunAsync(folder.Write("pool.toml", PoolScene.Text(6432, LoopbackPorts.Take(), "app")));
        Assert.Equal(ExitCode.DoctorTrouble, code);
        Assert.Contains("  TROUBLE  ", output, StringComparison.Ordinal);
        Assert.EndsWith("not every server could be looked at\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_superuser_without_isolation_is_a_warning()
    {
        DemoWorld world = await worlds.OfAsync(Major);
        using var folder = new TemporaryFolder();
        string text = PoolScene.Text(6432, world.Cluster.Port, "app").Replace("host = \"127.0.0.1\"", $"host = \"{world.Cluster.SocketFolder}\"", StringComparison.Ordinal);
        (int code, string output) = await RunAsync(folder.Write("pool.toml", text));
        Assert.Contains("  warning  login \"postgres\" is a superuser\n", output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, code);
    }

    private static async Task<(int Code, string Output)> RunAsync(string file)
    {
        await using var output = new StringWriter();
        var line = new Commands.CommandLine(new ProxyCommands { Run = _ => Task.FromResult(99), Demo = (_, _) => Task.FromResult(99) }, output, output);
        return (await line.InvokeAsync(["doctor", file]), output.ToString());
    }
}
