using System.Text;
using PoolProxy.Protocol.Authentication;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Lookups;

/// <summary>Each role chooses the iterations of its own verifier: what auth_query finds must not have clients work for hours, or say who exists.</summary>
public sealed class DearVerifierTests(AskedServer server) : IClassFixture<AskedServer>
{
    [Theory]
    [InlineData(Scram.MaxIterations, true)]
    [InlineData(Scram.MaxIterations + 1, false)]
    [InlineData(int.MaxValue, false)]
    public async Task A_found_verifier_counts_up_to_the_cap_and_beyond_it_is_no_password(int iterations, bool counts)
    {
        string role = await server.MakeAsync($"dear{iterations}");
        await StoreAsync(role, iterations);
        await using ProxyUnderTest proxy = await server.StartAsync();
        string? answer = await AskedServer.TryAsync(proxy, role, AskedServer.Password);
        Assert.Equal(counts ? null : "28P01", answer?[..5]);
        string said = $"the SCRAM verifier of user {role} is malformed or has too many iterations";
        if (counts)
        {
            Assert.DoesNotContain(said, AskedServer.Log(proxy), StringComparison.Ordinal);
        }
        else
        {
            await WaitFor.TrueAsync(() => AskedServer.Log(proxy).Contains(said, StringComparison.Ordinal));
        }

        Assert.DoesNotContain(await server.SecretOfAsync(role), AskedServer.Log(proxy), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_asked_to_work_out_more_than_the_cap_and_who_does_not_exist_is_asked_what_most_are()
    {
        string dear = await server.MakeAsync("dearest");
        string anna = await server.MakeAsync("usual");
        await StoreAsync(dear, int.MaxValue);
        await using ProxyUnderTest proxy = await server.StartAsync();
        foreach (string user in (string[])[dear, anna, dear, anna, dear])
        {
            Assert.Equal(4096, await IterationsAsync(proxy, user));
        }

        // One vote for dear iterations that are allowed is outvoted too.
        await StoreAsync(dear, 50_000);
        Assert.Equal(50_000, await IterationsAsync(proxy, dear));
        Assert.Equal(4096, await IterationsAsync(proxy, "nobody_" + anna));
    }

    private async Task StoreAsync(string role, int iterations)
    {
        // Beyond the cap the keys are never used, and fewer iterations will do for them.
        int worked = Math.Min(iterations, Scram.MaxIterations);
        string verifier = ScramVerifier.FromPassword(Encoding.UTF8.GetBytes(AskedServer.Password), "sixteen bytes of"u8, worked).ToText();
        verifier = verifier.Replace($"${worked}:", $"${iterations}:", StringComparison.Ordinal);

        // ALTER ROLE would work it out, to see whether the password is empty.
        await server.Database.ExecuteAsync($"set allow_system_table_mods = on; update pg_authid set rolpassword = '{verifier}' where rolname = '{role}'; reset allow_system_table_mods");
    }

    private static async Task<int> IterationsAsync(ProxyUnderTest proxy, string user)
    {
        await using RawClient client = await proxy.ConnectAsync();
        RawLogin login = await client.TryLoginAsync(user, "app", "wrong-pass-word");
        Assert.Equal("28P01", login.Error?.SqlState);
        string challenge = Encoding.ASCII.GetString(login.Messages.Single(message => message.Name == "AuthenticationSASLContinue").Bytes.Span);
        return int.Parse(challenge[(challenge.LastIndexOf("i=", StringComparison.Ordinal) + 2)..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
