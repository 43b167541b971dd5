using System.Text.RegularExpressions;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.IntegrationTests.Admin;

/// <summary>Who SHOW USERS names, and what a CancelRequest leaves in the log.</summary>
public sealed class ConsoleUsersTests
{
    [Fact]
    public async Task SHOW_USERS_has_those_of_auth_file_and_no_password()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        var rows = await console.RowsAsync("SHOW USERS");
        Assert.Superset(new HashSet<string?> { "boss", "watcher", "alice" }, rows.Select(row => row["name"]).ToHashSet());
        Assert.DoesNotContain(rows, row => row.Values.Any(value => value is not null && value.Contains("secret", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_log_has_the_lines_of_PgBouncers_that_tools_look_for()
    {
        await using var place = await ConsolePlace.StartAsync("logfile = \"proxy.log\"\nstats_period = 1");
        string port;
        await using (var client = await place.ClientAsync())
        {
            await client.QueryAsync("SELECT 1");
            await using var console = await place.AdminAsync();
            var row = await console.RowAsync("SHOW CLIENTS", "user", "alice");
            port = row["port"]!;
            await console.QueryAsync("RECONNECT");
            await client.Terminate().SendAsync();
            await client.ReadToEndAsync();
        }
        await using (var stranger = await place.Proxy.ConnectAsync())
        {
            await stranger.TryLoginAsync("alice", "nowhere");
        }
        string upstream = $"app/postgres@127\\.0\\.0\\.1:{place.Database.Cluster.Port}";
        foreach (string line in new[]
        {
            $"LOG C-0x[0-9a-f]+: app/alice@127\\.0\\.0\\.1:{port} login attempt: db=app user=alice tls=no replication=no",
            $"LOG C-0x[0-9a-f]+: app/alice@127\\.0\\.0\\.1:{port} closing because: client close request \\(age=[0-9]+s\\)",
            $"LOG S-0x[0-9a-f]+: {upstream} new connection to server \\(from 127\\.0\\.0\\.1:[0-9]+\\)",
            $"LOG S-0x[0-9a-f]+: {upstream} closing because: close_needed \\(age=[0-9]+s\\)",
            "WARNING C-0x[0-9a-f]+: nowhere/alice@[^ ]+ pooler error: no such database: nowhere",
            "LOG stats: [0-9]+ xacts/s, [0-9]+ queries/s, [0-9]+ client parses/s, [0-9]+ server parses/s, [0-9]+ binds/s, in [0-9]+ B/s, out [0-9]+ B/s, xact [0-9]+ us, query [0-9]+ us, wait [0-9]+ us",
        })
        {
            await WaitFor.TrueAsync(() => Regex.IsMatch(File.ReadAllText(place.Proxy.Place.File("proxy.log")), line), what: line);
        }
    }

    [Fact]
    public async Task A_CancelRequest_leaves_no_line_in_the_log()
    {
        await using var place = await ConsolePlace.StartAsync("logfile = \"proxy.log\"\nlog_disconnections = true");
        await using var client = await place.ClientAsync();
        await client.CancelAsync();
        await using (var other = await place.ClientAsync())
        {
            await other.Terminate().SendAsync();
            await other.ReadToEndAsync();
        }

        string log = "";
        await WaitFor.TrueAsync(() => (log = File.ReadAllText(place.Proxy.Place.File("proxy.log"))).Contains("app/alice", StringComparison.Ordinal)
            && log.Contains("closing because", StringComparison.Ordinal));
        Assert.DoesNotContain("(nodb)", log, StringComparison.Ordinal);
    }
}
