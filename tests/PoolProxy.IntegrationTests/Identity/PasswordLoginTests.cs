using System.Text.Json;
using Npgsql;
using PoolProxy.Testing;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Identity;

/// <summary>PgBouncer's own login methods, against each form in which a password can be kept.</summary>
public sealed class PasswordLoginTests(PoolScene scene) : IClassFixture<PoolScene>
{
    private static readonly string[] Users = ["plain", "md5er", "scram", "filed"];

    // As in PgBouncer: a verifier is asked for by SCRAM even under md5, and md5 is no use to SCRAM.
    private static readonly (string AuthType, string User, string Asked, bool IsAdmitted)[] Table =
    [
        ("plain", "plain", "AuthenticationCleartextPassword", true),
        ("plain", "filed", "AuthenticationCleartextPassword", true),
        ("plain", "md5er", "AuthenticationCleartextPassword", true),
        ("plain", "scram", "AuthenticationCleartextPassword", true),
        ("md5", "plain", "AuthenticationMD5Password", true),
        ("md5", "filed", "AuthenticationMD5Password", true),
        ("md5", "md5er", "AuthenticationMD5Password", true),
        ("md5", "scram", "AuthenticationSASL", true),
        ("scram-sha-256", "plain", "AuthenticationSASL", true),
        ("scram-sha-256", "filed", "AuthenticationSASL", true),
        ("scram-sha-256", "md5er", "AuthenticationSASL", false),
        ("scram-sha-256", "scram", "AuthenticationSASL", true),
    ];

    public static TheoryData<string, string, string, bool> Cases
    {
        get
        {
            var rows = new TheoryData<string, string, string, bool>();
            foreach (var (authType, user, asked, isAdmitted) in Table)
            {
                rows.Add(authType, user, asked, isAdmitted);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_right_password_is_let_in_in_every_form_that_the_method_can_use(string authType, string user, string asked, bool isAdmitted)
    {
        await using PasswordPlace place = await PasswordPlace.StartAsync(scene, authType);
        await using RawClient client = await place.Proxy.ConnectAsync();
        RawLogin login = await client.TryLoginAsync(user, "app", PasswordPlace.Password);
        Assert.Equal(asked, login.Messages[0].Name);
        Assert.Equal(isAdmitted ? null : "28P01", login.Error?.SqlState);
        if (isAdmitted)
        {
            Assert.Equal("1", await client.ScalarAsync("select 1"));
            await using var npgsql = new NpgsqlConnection(place.Proxy.ConnectionString(user, "app", PasswordPlace.Password));
            await npgsql.OpenAsync();
            await using var command = new NpgsqlCommand("select 1", npgsql);
            Assert.Equal(1, await command.ExecuteScalarAsync());
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("md5")]
    [InlineData("scram-sha-256")]
    public async Task Wrong_and_unknown_and_without_a_password_are_told_the_same_in_the_same_steps(string authType)
    {
        await using PasswordPlace place = await PasswordPlace.StartAsync(scene, authType);
        // What is no use to the method is as good as unknown. Where a verifier and a hash are asked for in different ways, see below.
        string[] users = authType == "md5" ? ["plain", "md5er", "filed"] : [.. Users, "empty", "ghost"];
        var shapes = new Dictionary<string, string>();
        foreach (string user in users)
        {
            RawLogin login = await place.TryAsync(user, "wrong");
            Assert.Equal($"28P01 password authentication failed for user \"{user}\"", $"{login.Error?.SqlState} {login.Error?.ErrorText}");
            // Salts and nonces differ, and nothing else may: neither the order nor any length, nor a byte of the error but the name.
            shapes.Add(user, string.Join(' ', login.Messages.Select(message => $"{message.Name}:{message.Bytes.Length}"))
                + Convert.ToHexString(login.Error!.Bytes.Span).Replace(Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(user)), "", StringComparison.Ordinal));
        }
        Assert.Single(shapes.Values.Distinct());
    }

    // Whoever has a verifier is asked for SCRAM under md5: if everybody else were asked for md5, the question would tell who exists.
    [Fact]
    public async Task Under_md5_unknown_users_are_asked_for_either_and_for_the_same_each_time()
    {
        await using PasswordPlace place = await PasswordPlace.StartAsync(scene, "md5");
        var shapes = new Dictionary<string, HashSet<string>>();
        foreach (string user in (string[])["scram", "plain", .. Enumerable.Range(10, 90).Select(i => $"gho{i}"), "gho10", "gho11", "gho12"])
        {
            RawLogin login = await place.TryAsync(user, "wrong");
            Assert.Equal($"28P01 password authentication failed for user \"{user}\"", $"{login.Error?.SqlState} {login.Error?.ErrorText}");
            shapes.TryAdd(user, []);
            shapes[user].Add(string.Join(' ', login.Messages.Select(message => $"{message.Name}:{message.Bytes.Length}")));
        }
        Assert.All(shapes.Values, shape => Assert.Single(shape));
        Assert.Equal(
            shapes.Where(pair => !pair.Key.StartsWith("gho", StringComparison.Ordinal)).SelectMany(pair => pair.Value).Order(StringComparer.Ordinal),
            shapes.Where(pair => pair.Key.StartsWith("gho", StringComparison.Ordinal)).SelectMany(pair => pair.Value).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("ghost")]
    public async Task A_plain_password_where_a_hash_is_asked_for_is_a_wrong_password(string user)
    {
        await using PasswordPlace place = await PasswordPlace.StartAsync(scene, "md5");
        // An unknown user may be asked for SCRAM too; which one is, each start of the proxy decides anew.
        foreach (string name in (string[])[user, .. Enumerable.Range(0, 60).Select(i => $"{user}{i}")])
        {
            await using RawClient client = await place.Proxy.ConnectAsync();
            await client.StartupAsync(name, "app");
            if ((await client.ReadAsync()).Name != "AuthenticationMD5Password") { continue; }
            await client.Password(new string('x', 100)).SendAsync();
            Assert.Equal("28P01", (await client.ReadToEndAsync()).SqlState());
            return;
        }
        Assert.Fail("nobody was asked for an MD5 password");
    }

    [Theory]
    [InlineData("plain", "SASLInitialResponse \"SCRAM-SHA-256\" \"no SCRAM at all\"")]
    [InlineData("ghost", "SASLInitialResponse \"SCRAM-SHA-256\" \"no SCRAM at all\"")]
    [InlineData("plain", "SASLInitialResponse \"SCRAM-SHA-1\" \"n,,n=,r=abcdefgh\"")]
    [InlineData("ghost", "SASLInitialResponse \"SCRAM-SHA-1\" \"n,,n=,r=abcdefgh\"")]
    public async Task A_message_that_is_no_SCRAM_is_a_breach_of_the_protocol_whoever_sends_it(string user, string message)
    {
        await using PasswordPlace place = await PasswordPlace.StartAsync(scene, "scram-sha-256");
        await using RawClient client = await place.Proxy.ConnectAsync();
        await client.StartupAsync(user, "app");
        await client.ExpectAsync("AuthenticationSASL");
        await client.Put(message).SendAsync();
        Assert.Equal("08P01", (await client.ReadToEndAsync()).SqlState());
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("md5")]
    [InlineData("scram-sha-256")]
    public async Task Where_it_goes_is_not_told_before_the_password_is_right(string authType)
    {
        await using PasswordPlace place = await PasswordPlace.StartAsync(scene, authType);
        foreach (string database in (string[])["nowhere", "pgbouncer"])
        {
            Assert.Equal("28P01", (await place.TryAsync("filed", "wrong", database)).Error?.SqlState);
            Assert.Equal("28P01", (await place.TryAsync("ghost", "wrong", database)).Error?.SqlState);
        }
        Assert.Equal("3D000", (await place.TryAsync("filed", PasswordPlace.Password, "nowhere")).Error?.SqlState);
        Assert.Equal("28000", (await place.TryAsync("filed", PasswordPlace.Password, "pgbouncer")).Error?.SqlState);
        Assert.Null((await place.TryAsync("plain", PasswordPlace.Password, "pgbouncer")).Error);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("md5")]
    [InlineData("scram-sha-256")]
    public async Task An_empty_password_and_the_stored_secret_itself_open_nothing(string authType)
    {
        await using PasswordPlace place = await PasswordPlace.StartAsync(scene, authType);
        foreach (string user in (string[])["plain", "md5er", "empty", "ghost"])
        {
            Assert.Equal("28P01", (await place.TryAsync(user, "")).Error?.SqlState);
        }
        foreach (string secret in PasswordPlace.Secrets.Skip(1))
        {
            Assert.Equal("28P01", (await place.TryAsync("md5er", secret)).Error?.SqlState);
            Assert.Equal("28P01", (await place.TryAsync("scram", secret)).Error?.SqlState);
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("md5")]
    [InlineData("scram-sha-256")]
    public async Task Every_attempt_leaves_one_line_and_no_secret_anywhere(string authType)
    {
        await using PasswordPlace place = await PasswordPlace.StartAsync(scene, authType);
        string said = "";
        (string User, string Password, string Outcome)[] attempts =
            [("plain", PasswordPlace.Password, "accepted"), ("plain", "wrong-one", "refused"), ("ghost", "wrong-one", "refused"), ("filed", PasswordPlace.Password, "accepted")];
        foreach (var (user, password, _) in attempts)
        {
            said += string.Concat<WireMessage>((await place.TryAsync(user, password)).Messages);
        }
        await WaitFor.EqualAsync(attempts.Length, () => Task.FromResult(place.AuditLines.Length));
        JsonElement[] lines = [.. place.AuditLines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(
            attempts.Select(attempt => (attempt.User, attempt.Outcome, authType)),
            lines.Select(line => (line.GetProperty("user").GetString()!, line.GetProperty("outcome").GetString()!, line.GetProperty("method").GetString()!)));
        Assert.NotEqual(lines[1].GetProperty("reason").GetString(), lines[2].GetProperty("reason").GetString());
        string written = said + place.Log + string.Concat(place.AuditLines);
        Assert.All([.. PasswordPlace.Secrets, "wrong-one", "the right one"], secret => Assert.DoesNotContain(secret, written, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Under_SCRAM_a_password_is_what_SASLprep_makes_of_it()
    {
        await using PasswordPlace place = await PasswordPlace.StartAsync(scene, "scram-sha-256");
        Assert.Null((await place.TryAsync("roman", "IX x")).Error);
        Assert.Equal("28P01", (await place.TryAsync("roman", "IXx")).Error?.SqlState);
    }

    [Fact]
    public async Task Trust_asks_for_no_password_and_knows_its_users()
    {
        await using PasswordPlace place = await PasswordPlace.StartAsync(scene, "trust");
        foreach (string user in (string[])[.. Users, "empty"])
        {
            RawLogin login = await place.TryAsync(user, null);
            Assert.Null(login.Error);
            Assert.Equal("AuthenticationOk", login.Messages[0].Name);
        }
        Assert.Equal("28P01", (await place.TryAsync("ghost", null)).Error?.SqlState);
    }

    [Fact]
    public async Task Any_lets_everybody_in()
    {
        await using PasswordPlace place = await PasswordPlace.StartAsync(scene, "any");
        RawLogin login = await place.TryAsync("ghost", null);
        Assert.Equal("AuthenticationOk", login.Messages[0].Name);
        Assert.Null(login.Error);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("md5")]
    [InlineData("scram-sha-256")]
    public async Task Npgsql_hears_28P01(string authType)
    {
        await using PasswordPlace place = await PasswordPlace.StartAsync(scene, authType);
        foreach (string user in (string[])["plain", "ghost"])
        {
            await using var npgsql = new NpgsqlConnection(place.Proxy.ConnectionString(user, "app", "wrong"));
            PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => npgsql.OpenAsync());
            Assert.Equal("28P01", refused.SqlState);
        }
    }

    [Theory]
    [InlineData("plain", "SASLResponse \"x\"")]
    [InlineData("md5", "Query \"select 1\"")]
    [InlineData("scram-sha-256", "SASLInitialResponse \"SCRAM-SHA-1\" \"n,,n=,r=abc\"")]
    [InlineData("scram-sha-256", "SASLInitialResponse \"SCRAM-SHA-256\" \"nonsense\"")]
    [InlineData("scram-sha-256", "SASLInitialResponse \"SCRAM-SHA-256-PLUS\" \"p=tls-server-end-point,,n=,r=abc\"")]
    public async Task A_broken_answer_ends_known_and_unknown_alike(string authType, string answer)
    {
        await using PasswordPlace place = await PasswordPlace.StartAsync(scene, authType);
        var ends = new List<string>();
        foreach (string user in (string[])["plain", "ghost"])
        {
            await using RawClient client = await place.Proxy.ConnectAsync();
            await client.StartupAsync(user, "app");
            await client.ReadAsync();
            await client.Put(answer).SendAsync();
            ends.Add(string.Join(' ', await client.ReadToEndAsync()).Replace(user, "", StringComparison.Ordinal));
        }
        Assert.Contains("ErrorResponse", ends[0], StringComparison.Ordinal);
        Assert.Equal(ends[0], ends[1]);
    }
}
