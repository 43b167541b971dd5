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
