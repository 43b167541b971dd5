using PoolProxy.Testing;
using PoolProxy.Testing.Failover;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Lookups;

/// <summary>auth_query where its database has several hosts: what becomes of logins when the one that is asked dies, and the standby takes over.</summary>
public sealed class LookupFailoverTests
{
    private const string Password = "right-pass-word";

    [Theory]
    [InlineData("", "app")]
    [InlineData("target_session_attrs = \"read-write\"", "app")]
    [InlineData("target_session_attrs = \"read-write\"", "other")]
    public async Task Logins_wait_through_a_failover_of_who_is_asked(string attrs, string authDatabase)
    {
        await using FailoverPair pair = await FailoverPair.StartAsync();
        await pair.Primary.ExecuteAsync($"create role asker login; grant select on pg_authid to asker; create role anna login password '{Password}'; create role late login password '{Password}'");
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place =>
        {
            File.WriteAllText(place.File("users.txt"), "\"asker\" \"\"\n\"boss\" \"boss\"\n");
            return $"""
                [proxy]
                listen_addr = "127.0.0.1"
                listen_port = {place.Port}
                auth_type = "scram-sha-256"
                auth_file = "users.txt"
                auth_user = "asker"
                auth_dbname = "{authDatabase}"
                admin_users = "boss"
                pool_mode = "transaction"
                logfile = "proxy.log"

                [databases.app]
                {pair.HostLines}
                dbname = "postgres"
                user = "postgres"
                host_check_period = "200ms"
                {attrs}

                [databases.other]
                {pair.HostLines}
                dbname = "postgres"
                host_check_period = "200ms"
                {attrs}
                """;
        });
        await using RawClient before = await proxy.LoginAsync("anna", "app", Password);
        await WaitFor.TrueAsync(async () => await pair.Standby.QueryAsync<bool>("select exists (select from pg_authid where rolname = 'late')"));
        await pair.Primary.StopServerAsync(PoolProxy.Sandbox.Postgres.PostgresStop.Immediate);
        RawClient[] clients = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => proxy.ConnectAsync()))];
        Task<RawLogin>[] logins = [.. clients.Select((client, i) => client.TryLoginAsync(i % 2 == 0 ? "anna" : "late", "app", Password))];
        await WaitFor.TrueAsync(() => File.ReadAllText(proxy.Place.File("proxy.log")).Contains("login failed: could not connect", StringComparison.Ordinal) || logins.All(login => login.IsCompleted));
        await pair.Standby.PromoteAsync();
        foreach (RawLogin login in await Task.WhenAll(logins))
        {
            Assert.Null(login.Error?.ErrorText);
        }

        foreach (RawClient client in clients)
        {
            Assert.Equal("f", await client.ScalarAsync("select pg_is_in_recovery()"));
            await client.DisposeAsync();
        }
    }
}
