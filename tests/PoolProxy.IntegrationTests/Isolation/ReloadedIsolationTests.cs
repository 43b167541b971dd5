using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Isolation;

/// <summary>A RELOAD that tightens isolation or gives logins other roles holds for those who are in already.</summary>
public sealed class ReloadedIsolationTests
{
    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Reset_by_client_holds_from_the_reload_on(int major)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { DatabaseLines = "reset = \"identity\"" });
        await using RawClient one = await here.LoginAsync("alice");
        await using RawClient other = await here.LoginAsync("alice");
        await one.DoAsync("select set_config('work_mem', '77MB', false)");
        Assert.Equal("77MB", await other.ScalarAsync("show work_mem"));
        Assert.Empty(await here.Proxy.ReloadAsync(text => text.Replace("reset = \"identity\"", "reset = \"client\"", StringComparison.Ordinal)));
        await one.DoAsync("select set_config('work_mem', '77MB', false)");
        Assert.Equal("4MB", await other.ScalarAsync("show work_mem"));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_login_that_serves_another_role_now_does_not_serve_those_of_the_old_one(int major)
    {
        await using Installation here = await Installation.StartAsync(major);
        await using RawClient alice = await here.LoginAsync("alice");
        await alice.DoAsync("select 1");
        string readers = here.Database.Role("pp_readers"), writers = here.Database.Role("pp_writers");
        Assert.Empty(await here.Proxy.ReloadAsync(text => text
            .Replace($"\"{readers}\"", "\"swapped\"", StringComparison.Ordinal)
            .Replace($"\"{writers}\"", $"\"{readers}\"", StringComparison.Ordinal)
            .Replace("\"swapped\"", $"\"{writers}\"", StringComparison.Ordinal)));
        Assert.Equal("57P01", (await alice.ReadToEndAsync()).SqlState());
    }
}
