using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Isolation;

/// <summary>Messages of COPY outside of COPY, which PostgreSQL ignores, do not keep a client's identity from being set again.</summary>
public sealed class StrayCopyTests
{
    [Theory]
    [InlineData("CopyDone")]
    [InlineData("CopyData \"x\"")]
    [InlineData("CopyFail \"x\"")]
    [InlineData("Flush")]
    public async Task What_stands_ahead_of_a_statement_does_not_let_it_go_undressed(string stray)
    {
        await using Installation here = await Installation.StartAsync(AvailablePostgres.Found[0].Major, new InstallationOptions { DatabaseLines = "pool_mode = \"session\"" });
        await using RawClient alice = await here.LoginAsync("alice");
        await alice.DoAsync("set request.jwt.claims = '{\"sub\":\"mallory\"}'");
        await alice.Put(stray).Query(RawClientQuestions.Subject).SendAsync();
        Assert.Equal("alice", RawClientQuestions.Said(await alice.ReadUntilAsync("ReadyForQuery")));
    }
}
