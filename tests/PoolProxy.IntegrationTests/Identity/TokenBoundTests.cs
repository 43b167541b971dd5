using System.Text.Json;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Identity;

/// <summary>max_token_bytes: a token beyond it is refused as any other is, and nothing tells a client what the bound is.</summary>
public sealed class TokenBoundTests
{
    [Theory]
    [InlineData("max_token_bytes = 2048", 2048, 60 * 1024)]
    [InlineData("", 16 * 1024, 60 * 1024)]
    [InlineData("max_token_bytes = 65536", 64 * 1024, 127 * 1024)]
    public async Task A_token_that_is_too_long_gets_the_one_answer(string line, int boundBytes, int longestReadBytes)
    {
        await using Installation here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions { IssuerLines = line });
        // Nothing is wrong with it but its length; and nothing is right with the others.
        string genuine = here.Reader("alice").Claim("padding", new string('x', boundBytes)).Build();
        Assert.True(genuine.Length > boundBytes, "padded beyond the bound");
        string[] tokens = [genuine, new string('x', boundBytes + 1), new string('.', longestReadBytes), new string('x', 10)];
        var answers = new List<string>();
        foreach (string token in tokens)
        {
            await using RawClient client = await here.Proxy.ConnectAsync();
            RawLogin login = await client.TryLoginAsync("alice", here.Database.Name, token);
            Assert.Equal("28P01 password authentication failed for user \"alice\"", $"{login.Error?.SqlState} {login.Error?.ErrorText}");
            Assert.Empty(await client.ReadToEndAsync());
            answers.Add(string.Join(' ', login.Messages));
        }
        Assert.Single(answers.Distinct());
        await WaitFor.EqualAsync(tokens.Length, () => Task.FromResult(here.AuditLines.Length));
        string?[] reasons = [.. here.AuditLines.Select(audit => JsonDocument.Parse(audit).RootElement.GetProperty("reason").GetString())];
        Assert.Single(reasons[..3].Distinct());
        Assert.NotEqual(reasons[0], reasons[3]);
        Assert.All(here.AuditLines, audit => Assert.True(audit.Length < 1024, "nothing of a token is written down"));
    }

    [Fact]
    public async Task A_token_below_the_bound_comes_in()
    {
        await using Installation here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions { IssuerLines = "max_token_bytes = 65536" });
        await using RawClient alice = await here.LoginAsync("alice", here.Reader("alice").Claim("padding", new string('x', 40 * 1024)));
        Assert.Equal("of alice", await alice.ScalarAsync("select body from notes"));
    }
}
