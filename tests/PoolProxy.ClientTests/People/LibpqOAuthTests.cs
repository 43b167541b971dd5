using System.Globalization;
using PoolProxy.ClientTests.Running;
using PoolProxy.ClientTests.Targets;

namespace PoolProxy.ClientTests.People;

/// <summary>SASL OAUTHBEARER with the client that it was made for: libpq 18, which asks for the issuer first, and then comes with a token.</summary>
public sealed class LibpqOAuthTests
{
    private const string Titles = "select string_agg(title, '|' order by id) from documents";

    [Fact]
    public async Task Two_people_come_by_libpqs_own_flow_and_see_their_own_rows()
    {
        Libpq libpq = await Libpq.FindAsync();
        await using PeopleStage stage = await PeopleStage.OpenAsync("oauth");
        foreach ((Target target, string titles) in stage.People)
        {
            var asked = new List<string>();
            (string? value, string error) = await Task.Run(() => libpq.Ask(Connection(target, stage.Issuer), (address, scope) =>
            {
                asked.Add($"{address} {scope}");
                return target.Password;
            }, Titles));
            Assert.Equal("", error);
            Assert.Equal(titles, value);
            Assert.Equal([$"{stage.Issuer}/.well-known/openid-configuration openid"], asked);
        }
    }

    [Fact]
    public async Task A_client_that_knows_the_issuer_comes_with_its_token_at_once()
    {
        Libpq libpq = await Libpq.FindAsync();
        await using PeopleStage stage = await PeopleStage.OpenAsync("oauth");
        (Target target, string titles) = stage.People[0];
        string discovery = stage.Issuer + "/.well-known/openid-configuration";
        (string? value, string error) = await Task.Run(() => libpq.Ask(Connection(target, discovery), (_, _) => target.Password, Titles));
        Assert.Equal(("", titles), (error, value));
    }

    [Fact]
    public async Task A_token_that_is_refused_is_refused_in_libpqs_words_and_ours()
    {
        Libpq libpq = await Libpq.FindAsync();
        await using PeopleStage stage = await PeopleStage.OpenAsync("oauth");
        (Target target, _) = stage.People[0];
        (string? value, string error) = await Task.Run(() => libpq.Ask(Connection(target, stage.Issuer), (_, _) => target.Password[..^6], Titles));
        Assert.Null(value);
        Assert.Contains("password authentication failed for user \"alice\"", error, StringComparison.Ordinal);
        (_, string elsewhere) = await Task.Run(() => libpq.Ask(Connection(target, "https://elsewhere.invalid"), (_, _) => target.Password, Titles));
        Assert.Contains("elsewhere.invalid", elsewhere, StringComparison.Ordinal);
    }

    // require_auth: it must not let itself be talked into anything else.
    private static string Connection(Target target, string issuer) => string.Create(CultureInfo.InvariantCulture,
        $"host={target.Host} port={target.Port} user={target.User} dbname={target.Database} sslmode=verify-full sslrootcert={target.AuthorityFile} require_auth=oauth oauth_client_id=tests oauth_issuer={issuer}");
}
