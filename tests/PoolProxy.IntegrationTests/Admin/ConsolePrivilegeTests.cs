using PoolProxy.Configuration.Model;
using PoolProxy.Core.Admin;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.IntegrationTests.Admin;

/// <summary>Each command of the console against each right that opens it, over the wire.</summary>
public sealed class ConsolePrivilegeTests
{
    [Fact]
    public async Task Each_command_runs_for_those_it_is_for_and_for_nobody_else()
    {
        await using var place = await ConsolePlace.StartAsync();
        var refused = new List<string>();
        foreach (var command in CommandCatalogue.All.Where(command => command.Name is not ("SHUTDOWN" or "PAUSE" or "KILL")))
        {
            await using var admin = await place.AdminAsync();
            await using var stats = await place.StatsAsync();
            Assert.DoesNotContain(await admin.QueryAsync(command.Name), message => message.Name == "ErrorResponse" && message.SqlState == "42501");
            if ((await stats.QueryAsync(command.Name)).Any(message => message.Name == "ErrorResponse" && message.SqlState == "42501"))
            {
                refused.Add(command.Name);
            }
        }

        Assert.Equal(["DISABLE", "ENABLE", "KILL IDENTITY", "KILL_CLIENT", "RECONNECT", "RELOAD", "RESUME", "REVOKE", "SHOW FDS", "SUSPEND", "UNBAN", "UNREVOKE", "WAIT_CLOSE"], refused.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("PAUSE")]
    [InlineData("KILL")]
    [InlineData("SHUTDOWN")]
    public async Task What_stops_service_is_refused_to_statistics(string command)
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var stats = await place.StatsAsync();
        Assert.Equal("42501", (await stats.QueryAsync(command))[0].SqlState);
        Assert.Equal("yes", (await stats.RowAsync("SHOW STATE", "key", "active"))["value"]);
    }

    [Fact]
    public async Task Others_do_not_get_in()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var client = await place.Proxy.ConnectAsync();
        var login = await client.TryLoginAsync("alice", "pgbouncer");
        Assert.NotNull(login.Error);
    }

    [Fact]
    public async Task No_answer_holds_a_secret()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var client = await place.ClientAsync();
        await using var admin = await place.AdminAsync();
        foreach (var command in CommandCatalogue.All.Where(command => command.Needs == ConsoleAccess.Stats))
        {
            foreach (var message in await admin.QueryAsync(command.Name))
            {
                Assert.DoesNotContain("secret-of", System.Text.Encoding.UTF8.GetString(message.Bytes.Span), StringComparison.Ordinal);
            }
        }
    }
}
