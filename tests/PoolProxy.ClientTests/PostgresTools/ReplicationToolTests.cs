using System.Globalization;
using PoolProxy.ClientTests.Running;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;

namespace PoolProxy.ClientTests.PostgresTools;

/// <summary>PostgreSQL's own replication tools, through the proxy.</summary>
public sealed class ReplicationToolTests
{
    private const int ToolsMajor = 15;

    [Fact]
    public async Task A_base_backup_and_its_WAL_pass_and_psql_speaks_to_a_walsender()
    {
        await using PostgresCluster cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions
        {
            Wish = PostgresWish.Exactly(ToolsMajor),
            HbaLines = ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"],
        });
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {place.Port}
            auth_type = "any"

            [databases."*"]
            host = "127.0.0.1"
            port = {cluster.Port}
            user = "postgres"
            """);
        using var folder = new TemporaryFolder();
        string port = proxy.Port.ToString(CultureInfo.InvariantCulture);
        string backup = Path.Combine(folder.Path, "backup");

        // Two connections: the files come by the one, the WAL meanwhile by the other.
        await new ForeignProgram(PostgresPrograms.Find("pg_basebackup"), ["-h", "127.0.0.1", "-p", port, "-U", "postgres", "-D", backup, "-X", "stream", "-c", "fast"], "Debian's postgresql").RunWellAsync();
        await new ForeignProgram(PostgresPrograms.Find("pg_verifybackup"), [backup], "Debian's postgresql").RunWellAsync();

        ProgramRun shown = await new ForeignProgram(
            PostgresPrograms.Find("psql"), ["-X", "-A", "-t", $"host=127.0.0.1 port={port} user=postgres dbname=postgres replication=database", "-c", "IDENTIFY_SYSTEM"], "Debian's postgresql").RunWellAsync();
        Assert.EndsWith("|postgres", shown.Output.Trim(), StringComparison.Ordinal);
    }
}
