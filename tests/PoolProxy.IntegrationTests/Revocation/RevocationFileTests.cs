using PoolProxy.Core;
using PoolProxy.IntegrationTests.Admin;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Revocation;

/// <summary>Orders in a file that is watched, and those of the console that outlive the process.</summary>
public sealed class RevocationFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_file_revokes_as_soon_as_it_is_written_and_takes_back_what_is_taken_out()
    {
        string file = _folder.Write("revoked.txt", "# nobody yet\n");
        await using Installation here = await StartAsync($"file = \"{file}\"");
        await using RawClient console = await here.ConsoleAsync();
        await using RawClient alice = await here.LoginAsync("alice");
        await using RawClient bob = await here.LoginAsync("bob");

        await File.WriteAllTextAsync(file, $"sub 'alice' issuer '{here.Issuer.Issuer}' reason 'left'\n");
        Assert.Equal("57P01", RawClientQuestions.Said(await alice.ReadToEndAsync()));
        Assert.Equal("28P01", (await here.TryLoginAsync("alice", here.Reader("alice"))).Error?.SqlState);
        Dictionary<string, string?> order = Assert.Single(await console.RowsAsync("show revocations"));
        Assert.Equal(("sub", "alice", "corp", "file", "left"), (order["kind"], order["value"], order["issuer"], order["source"], order["reason"]));
        Assert.Equal("42704", (await console.QueryAsync("unrevoke sub 'alice' issuer 'corp'"))[0].SqlState);

        // What is not understood, and a file that is gone, change nothing.
        await File.WriteAllTextAsync(file, "sub 'bob'\nsub bob\n");
        await WaitFor.TrueAsync(() => here.Log.Contains("line 2: sub needs a value between single quotes", StringComparison.Ordinal));
        File.Delete(file);
        await WaitFor.TrueAsync(() => here.Log.Contains("Could not find file", StringComparison.Ordinal));
        Assert.Equal("alice", Assert.Single(await console.RowsAsync("show revocations"))["value"]);
        Assert.Equal("of bob", await bob.ScalarAsync("select body from notes"));

        await File.WriteAllTextAsync(file, "jti 'another'\n");
        await WaitFor.TrueAsync(async () => (await here.TryLoginAsync("alice", here.Reader("alice"))).Error is null);
    }

    [Theory]
    [InlineData("file", "nonsense")]
    [InlineData("file", "sub 'a' issuer 'no such'")]
    [InlineData("state_file", "nonsense")]
    public async Task A_file_that_is_not_understood_keeps_the_proxy_from_starting(string key, string text)
    {
        string file = _folder.Write("revoked.txt", text + "\n");
        ProxyFaultException fault = await Assert.ThrowsAsync<ProxyFaultException>(() => StartAsync($"{key} = \"{file}\""));
        Assert.Contains($"{key}:", Assert.Single(fault.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_console_revokes_outlives_the_process()
    {
        string state = Path.Combine(_folder.Path, "revocations.state");
        await using (Installation here = await StartAsync($"state_file = \"{state}\""))
        {
            await using RawClient console = await here.ConsoleAsync();
            await console.DoAsync("revoke sub 'alice' issuer 'corp' reason 'it''s over'");
            await console.DoAsync("revoke jti 'j' for '1s'");
            await console.DoAsync("revoke sub 'bob'");
            await console.DoAsync("unrevoke sub 'bob'");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(state));
        }

        DateTimeOffset later = DateTimeOffset.UtcNow.AddSeconds(1);
        await WaitFor.TrueAsync(() => DateTimeOffset.UtcNow > later);
        await using Installation again = await StartAsync($"state_file = \"{state}\"");
        Assert.Equal("28P01", (await again.TryLoginAsync("alice", again.Reader("alice"))).Error?.SqlState);
        Assert.Null((await again.TryLoginAsync("bob", again.Reader("bob"))).Error);
        await using RawClient shown = await again.ConsoleAsync();
        Dictionary<string, string?> order = Assert.Single(await shown.RowsAsync("show revocations"));
        Assert.Equal(("alice", "console", "it's over"), (order["value"], order["source"], order["reason"]));
    }

    [Fact]
    public async Task A_state_file_that_cannot_be_written_is_told_to_who_revokes_and_the_order_holds()
    {
        await using Installation here = await StartAsync($"state_file = \"{Path.Combine(_folder.Path, "missing", "state")}\"");
        await using RawClient console = await here.ConsoleAsync();
        Assert.Contains("The state file could not be written", (await console.QueryAsync("revoke sub 'alice'"))[0].ErrorField('D'), StringComparison.Ordinal);
        Assert.Equal("28P01", (await here.TryLoginAsync("alice", here.Reader("alice"))).Error?.SqlState);
    }

    private static Task<Installation> StartAsync(string lines) =>
        Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions { PoolSize = 2, Proxy = "verbose = 2", Sections = $"[revocation]\n{lines}" });
}
