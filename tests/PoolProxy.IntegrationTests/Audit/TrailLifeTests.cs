using PoolProxy.Core.Audit;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Audit;

/// <summary>The trail over rotations, restarts and reloads.</summary>
public sealed class TrailLifeTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Fact]
    public async Task A_rotated_file_is_let_go_and_the_chain_goes_on_in_the_next()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(rest: Trail.Section());
        await using RawClient client = await proxy.LoginAsync("a", "app");
        string file = Trail.FileOf(proxy);
        await client.QueryAsync("select 1");
        await Trail.StatementsAsync(proxy, 1);
        File.Move(file, file + ".1");
        Assert.Empty(await proxy.ReloadAsync(text => text));
        await client.QueryAsync("select 2");
        Assert.Equal("ok select 2 [\"SELECT 1\"] 1", Assert.Single(await Trail.StatementsAsync(proxy, 1)).Said());
        Trail.AssertWhole(file + ".1", file);
    }

    [Fact]
    public async Task The_chain_goes_on_after_a_restart_with_a_key_too()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "trail"), key = folder.Write("key", new string('k', 40));
        for (int run = 0; run < 2; run++)
        {
            await using ProxyUnderTest proxy = await scene.StartAsync(rest: $"""
                [audit]
                file = "{file}"
                chain_key = "{key}"
                statements = "all"
                """);
            await using RawClient client = await proxy.LoginAsync("a", "app");
            await client.QueryAsync($"select {run}");
        }

        using var output = new StringWriter();
        Assert.True(AuditVerification.Run([file], key, null, output, output) == AuditVerdict.Whole, output.ToString());
        Assert.Equal(2, Trail.Statements(file).Count);
        Assert.Equal(AuditVerdict.Broken, AuditVerification.Run([file], null, null, output, output));
    }

    [Fact]
    public async Task A_reload_turns_records_on_and_off_for_clients_that_are_there()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(rest: Trail.Section().Replace("\"all\"", "\"off\"", StringComparison.Ordinal));
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("early", "select 'early'").Sync().RoundTripAsync();
        await client.QueryAsync("select 'unseen'");
        Assert.Empty(await proxy.ReloadAsync(text => text.Replace("\"off\"", "\"all\"", StringComparison.Ordinal)));
        await client.Bind("", "early").Execute().Sync().RoundTripAsync();
        Assert.Empty(await proxy.ReloadAsync(text => text + "\nstatement_text = \"fingerprint\""));
        await client.Bind("", "early").Execute().Sync().RoundTripAsync();
        Assert.Empty(await proxy.ReloadAsync(text => text.Replace("\"all\"", "\"off\"", StringComparison.Ordinal)));
        await client.QueryAsync("select 'unseen'");
        var records = await Trail.StatementsAsync(proxy, 2);
        Assert.Equal("ok select 'early' [\"SELECT 1\"] 1", records[0].Said());
        Assert.True(records[1].ContainsKey("fingerprint"));
    }

    [Fact]
    public async Task A_key_that_is_too_short_is_a_fault()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(rest: Trail.Section());
        await File.WriteAllTextAsync(proxy.Place.File("short"), "short");
        string fault = Assert.Single(await proxy.ReloadAsync(text => text + "\nchain_key = \"short\""));
        Assert.Contains("32 are needed", fault, StringComparison.Ordinal);
    }
}
