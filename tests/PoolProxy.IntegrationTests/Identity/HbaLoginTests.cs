using System.Text.Json;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Identity;

/// <summary>auth_type = "hba": a file's first line that fits says how to prove who one is.</summary>
public sealed class HbaLoginTests
{
    private const string Lines = """
        host all     mallory  all  reject
        host pgbouncer all    all  reject
        host all     bob      127.0.0.1/32  oauth
        host all     alice    127.0.0.0 255.0.0.0  jwt
        host all     carol    192.0.2.0/24  jwt
        host all     dora     all  scram-sha-256
        """;

    [Fact]
    public async Task Each_comes_in_by_the_method_of_the_first_line_that_fits()
    {
        await using Installation here = await StartAsync(Lines);
        await using RawClient alice = await here.LoginAsync("alice");
        Assert.Equal("of alice", await alice.ScalarAsync("select body from notes"));
        await using RawClient bob = await here.Proxy.ConnectAsync();
        Assert.Null((await bob.TryOAuthAsync("bob", here.Database.Name, OAuthClient.Bearer(here.Reader("bob").Build()))).Error);
        Assert.Equal("of bob", await bob.ScalarAsync("select body from notes"));
        await using RawClient dora = await here.Proxy.ConnectAsync();
        RawLogin byPassword = await dora.TryLoginAsync("dora", here.Database.Name, "wrong");
        Assert.Equal("AuthenticationSASL", byPassword.Names.First());
        await WaitFor.EqualAsync(3, () => Task.FromResult(here.AuditLines.Length));
        Assert.Equal(["jwt", "oauth", "scram-sha-256"], here.AuditLines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("method").GetString()));
    }

    [Theory]
    [InlineData("mallory", null, "hba_reject")]
    [InlineData("carol", null, "hba_no_line")]
    [InlineData("alice", "pgbouncer", "hba_reject")]
    [InlineData("alice", "poolproxy", "hba_reject")]
    public async Task Whom_no_line_lets_in_is_refused_like_anybody_and_asked_nothing(string user, string? database, string reason)
    {
        await using Installation here = await StartAsync(Lines);
        await using RawClient client = await here.Proxy.ConnectAsync();
        RawLogin login = await client.TryLoginAsync(user, database ?? here.Database.Name, here.Reader(user).Build());
        Assert.Equal(["ErrorResponse"], login.Names);
        Assert.Equal($"28P01 password authentication failed for user \"{user}\"", $"{login.Error?.SqlState} {login.Error?.ErrorText}");
        await WaitFor.EqualAsync(1, () => Task.FromResult(here.AuditLines.Length));
        Assert.Equal(reason, JsonDocument.Parse(here.AuditLines[0]).RootElement.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_reload_goes_by_the_new_lines_and_one_with_a_fault_by_the_old()
    {
        await using Installation here = await StartAsync("host all all all jwt");
        await using (await here.LoginAsync("alice"))
        {
        }

        await File.WriteAllTextAsync(here.Proxy.Place.File("hba.conf"), "host all all all jwt\nhost all all all peer\n");
        Assert.Contains("hba.conf:2:18: peer is for local connections", Assert.Single(await here.Proxy.ReloadAsync(text => text)), StringComparison.Ordinal);
        await using (await here.LoginAsync("alice"))
        {
        }

        await File.WriteAllTextAsync(here.Proxy.Place.File("hba.conf"), "host all alice all reject\nhost all all all jwt\n");
        Assert.Empty(await here.Proxy.ReloadAsync(text => text));
        Assert.Equal("28P01", (await here.TryLoginAsync("alice", here.Reader("alice"))).Error?.SqlState);
        Assert.Null((await here.TryLoginAsync("bob", here.Reader("bob"))).Error);
    }

    [Theory]
    [InlineData("pgbouncer", "true")]
    [InlineData("poolproxy", "true")]
    [InlineData("pgbouncer", "database")]
    public async Task Lines_for_replication_do_not_open_the_console(string database, string replication)
    {
        await using Installation here = await StartAsync("host pgbouncer all all reject\nhost replication all all trust\nhost all all all trust\n");
        await using RawClient client = await here.Proxy.ConnectAsync();
        RawLogin login = await client.TryLoginAsync("alice", database, null, ("replication", replication));
        Assert.Equal(["ErrorResponse"], login.Names);
        Assert.Equal("0A000 the console takes no replication connections", $"{login.Error?.SqlState} {login.Error?.ErrorText}");
        await WaitFor.EqualAsync(1, () => Task.FromResult(here.AuditLines.Length));
        Assert.Equal("console_replication", JsonDocument.Parse(here.AuditLines[0]).RootElement.GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("host all +staff all reject\nhost all all all scram-sha-256\n", "auth_user = \"asker\"", "hba.conf:1:1: reject by +role would let through whom [users] does not list, and auth_user lets such users in")]
    [InlineData("host samerole all all reject\nhost all all all pam\n", "", "hba.conf:1:1: reject by samerole would let through whom [users] does not list, and pam lets such users in")]
    [InlineData("host all +staff all reject\nhost all all all scram-sha-256\n", "", null)]
    [InlineData("host all +staff all scram-sha-256\nhost all all all pam\n", "", null)]
    [InlineData("host all @/dev/zero all reject\n", "", "/dev/zero: the file is longer than 4194304 characters")]
    public async Task Lines_that_would_not_reject_whom_they_seem_to_are_faults(string lines, string setting, string? fault)
    {
        Task<ProxyUnderTest> start = ProxyUnderTest.StartAsync(place =>
        {
            File.WriteAllText(place.File("hba.conf"), lines);
            return $"[proxy]\nlisten_addr = \"127.0.0.1\"\nlisten_port = {place.Port}\nauth_type = \"hba\"\nauth_hba_file = \"hba.conf\"\n{setting}\n[users.alice]\nmember_of = [\"staff\"]\n[databases.app]\nhost = \"127.0.0.1\"\n";
        });
        if (fault is null)
        {
            await using ProxyUnderTest proxy = await start;
            return;
        }

        Assert.Contains(fault, (await Assert.ThrowsAnyAsync<Exception>(() => start)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_for_tokens_needs_an_issuer()
    {
        var faults = await Assert.ThrowsAnyAsync<Exception>(() => ProxyUnderTest.StartAsync(place =>
        {
            File.WriteAllText(place.File("hba.conf"), "host all all all oauth\n");
            return $"[proxy]\nlisten_addr = \"127.0.0.1\"\nlisten_port = {place.Port}\nauth_type = \"hba\"\nauth_hba_file = \"hba.conf\"\n[databases.app]\nhost = \"127.0.0.1\"\n";
        }));
        Assert.Contains("hba.conf:1:1: oauth needs an issuer and a rule", faults.Message, StringComparison.Ordinal);
    }

    private static Task<Installation> StartAsync(string lines) =>
        Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions { AuthType = "hba", Hba = lines });
}
