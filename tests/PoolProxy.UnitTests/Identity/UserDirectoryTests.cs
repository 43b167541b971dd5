using System.Text;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Lookups;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Protocol.Authentication;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

/// <summary>What a login costs must not tell who exists: slow sums are counted, not timed.</summary>
public sealed class UserDirectoryTests
{
    private static readonly string Verifier = ScramVerifier.FromPassword("secret"u8, "sixteen bytes of"u8).ToText();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task By_SCRAM_a_first_and_a_second_login_cost_the_same_for_users_that_exist_and_that_do_not(bool arePlain)
    {
        UserDirectory users = Directory(arePlain ? "secret" : Verifier);
        foreach (string user in (string[])["known1", "ghost1", "known2", "ghost2"])
        {
            Assert.Equal(arePlain ? 1 : 0, await CostAsync(users, () => users.VerifierOfAsync(user)));
            Assert.Equal(0, await CostAsync(users, () => users.VerifierOfAsync(user)));
        }
    }

    [Theory]
    [InlineData("secret", false)]
    [InlineData("md5", false)]
    [InlineData("SCRAM", true)]
    public async Task A_plain_password_is_checked_at_the_same_cost_for_users_that_exist_and_that_do_not(string form, bool isSlow)
    {
        UserDirectory users = Directory(form == "SCRAM" ? Verifier : form == "md5" ? Encoding.ASCII.GetString(Md5Password.Store("secret"u8, "known1"u8)) : form);
        foreach (string user in (string[])["known1", "ghost1", "known2", "ghost2"])
        {
            Assert.Equal(isSlow, users.HasVerifier(user));
            if (isSlow)
            {
                Assert.Equal(1, await CostAsync(users, () => users.ProveAsync(new LoginExchange(null!, user, "app", false), "wrong"u8.ToArray())));
            }
        }
    }

    [Fact]
    public void Where_secrets_are_of_both_kinds_so_are_those_of_users_that_do_not_exist_and_the_same_each_time()
    {
        UserDirectory users = new([new("plain", "secret"), new("scram", Verifier)], new ProxySettings());
        bool[] ghosts = [.. Enumerable.Range(0, 200).Select(i => users.HasVerifier($"ghost{i}"))];
        Assert.InRange(ghosts.Count(has => has), 40, 160);
        Assert.Equal(ghosts, Enumerable.Range(0, 200).Select(i => users.HasVerifier($"ghost{i}")));
    }

    [Fact]
    public async Task However_many_names_are_tried_what_is_remembered_of_them_is_bounded()
    {
        UserDirectory users = new([new("plain", "secret")], new ProxySettings { ScramIterations = 1 });
        for (int i = 0; i < 300_000; i += 3)
        {
            await users.VerifierOfAsync($"ghost{i}");
        }

        Assert.InRange(users.SlowSums, 1, 65_536);
    }

    [Theory]
    [InlineData("SCRAM", 0, true)]
    [InlineData("secret", 1, false)]
    [InlineData("md5", 0, false)]
    public async Task By_SCRAM_whom_auth_query_found_costs_what_whom_it_did_not_find_costs(string form, int cost, bool hasVerifier)
    {
        UserDirectory users = new([], new ProxySettings());
        string secret = form == "SCRAM" ? Verifier : form == "md5" ? Encoding.ASCII.GetString(Md5Password.Store("secret"u8, "known"u8)) : form;
        var known = Looked("known", new FoundUser("known", secret));
        users.Found.Note(known.Found!);
        foreach (var login in (LoginExchange[])[known, Looked("ghost", null), known, Looked("ghost", null), Looked("expired", new FoundUser("expired", null))])
        {
            Assert.Equal(hasVerifier, users.HasVerifier(login));
            Assert.Equal(cost, await CostAsync(users, () => users.VerifierOfAsync(login)));
        }
        Assert.False(users.Knows(Looked("ghost", null)));
        Assert.True(users.Knows(Looked("expired", new FoundUser("expired", null))));
    }

    [Fact]
    public async Task Whom_auth_query_did_not_find_has_a_verifier_of_the_shape_that_found_ones_have()
    {
        UserDirectory users = new([], new ProxySettings());
        Assert.Equal(4096, (await users.VerifierOfAsync(Looked("ghost", null))).Iterations);
        users.Found.Note(new FoundUser("known", ScramVerifier.FromPassword("secret"u8, "sixteen bytes of"u8, 7).ToText()));
        ScramVerifier mock = await users.VerifierOfAsync(Looked("ghost", null));
        Assert.Equal((7, 16, true), (mock.Iterations, mock.Salt.Length, mock.IsMock));
    }

    [Fact]
    public async Task A_verifier_that_takes_too_many_iterations_is_no_password_and_nobody_is_made_to_pay_for_it()
    {
        string costly = Verifier.Replace("$4096:", "$2147483647:", StringComparison.Ordinal);
        UserDirectory users = new([new("filed", costly)], new ProxySettings());
        var found = new FoundUser("found", costly);
        users.Found.Note(found);
        foreach (var login in (LoginExchange[])[Looked("found", found), Looked("ghost", null), new(null!, "filed", "app", false)])
        {
            Assert.Null(users.SecretOf(login));
            Assert.Equal((4096, true), ((await users.VerifierOfAsync(login)).Iterations, (await users.VerifierOfAsync(login)).IsMock));
            Assert.Null(await users.ProveAsync(login, Encoding.UTF8.GetBytes(costly)));
        }
    }

    [Fact]
    public async Task A_RELOAD_changes_the_salt_of_nobody_and_forgets_nothing_of_whom_auth_query_found()
    {
        var (before, after) = (Directory("secret"), Directory("secret"));
        before.Found.Note(new FoundUser("found", ScramVerifier.FromPassword("secret"u8, "sixteen bytes of"u8, 7).ToText()));
        after.Succeed(before);
        Assert.Equal(7, (await after.VerifierOfAsync(Looked("ghost", null))).Iterations);
        foreach (var login in (LoginExchange[])[new(null!, "known1", "app", false), new(null!, "ghost", "app", false), Looked("plain", new FoundUser("plain", "secret"))])
        {
            Assert.Equal((await before.VerifierOfAsync(login)).Salt.ToArray(), (await after.VerifierOfAsync(login)).Salt.ToArray());
        }
    }

    [Fact]
    public void Whom_a_lookup_does_not_find_is_still_whom_the_files_know()
    {
        UserDirectory users = new([new("ops", "")], new ProxySettings());
        Assert.True(users.Knows(Looked("ops", null)));
        Assert.Null(users.SecretOf(Looked("ops", null)));
    }

    [Fact]
    public async Task One_user_with_iterations_of_its_own_does_not_choose_those_of_whom_there_is_not()
    {
        UserDirectory users = new([], new ProxySettings());
        var (usual, odd) = (new FoundUser("usual", Verifier), new FoundUser("odd", ScramVerifier.FromPassword("secret"u8, "sixteen bytes of"u8, 7).ToText()));
        foreach (FoundUser user in (FoundUser[])[usual, usual, odd, usual, odd])
        {
            users.Found.Note(user);
        }

        Assert.Equal(4096, (await users.VerifierOfAsync(Looked("ghost", null))).Iterations);
    }

    private static LoginExchange Looked(string user, FoundUser? found)
    {
        var login = new LoginExchange(null!, user, "app", false);
        login.LookedUp(found);
        return login;
    }

    private static UserDirectory Directory(string secret) => new([new("known1", secret), new("known2", secret)], new ProxySettings());

    private static async Task<long> CostAsync(UserDirectory users, Func<Task> login)
    {
        long before = users.SlowSums;
        await login();
        return users.SlowSums - before;
    }
}
