using System.Text;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Failure;

/// <summary>Servers whose login is an attack: it comes to an end, the client hears 08006, and the log says what it was.</summary>
public sealed class HostileLoginTests
{
    private const string Refused = "the server's SCRAM challenge was refused: ";

    // CVE-2026-6665, CVE-2026-42198, and other challenges that no server makes.
    public static TheoryData<string, string> Challenges => new()
    {
        { "r={0}" + new string('x', 900) + ",s=c2FsdA==,i=4096", Refused + "NonceTooLong" },
        { "r={0}" + new string('x', 60_000) + ",s=c2FsdA==,i=4096", Refused + "TooLong" },
        { "r={0},s=c2FsdA==,i=4096", Refused + "Nonce" },
        { "r=another,s=c2FsdA==,i=4096", Refused + "Nonce" },
        { "r={0}x,s=c2FsdA==,i=2147483647", Refused + "Iterations" },
        { "r={0}x,s=c2FsdA==,i=100001", Refused + "Iterations" },
        { "r={0}x,s=c2FsdA==,i=0", Refused + "Iterations" },
        { "r={0}x,s=,i=4096", Refused + "Malformed" },
        { "m=x,r={0}x,s=c2FsdA==,i=4096", Refused + "MandatoryExtension" },
        { "", Refused + "Malformed" },
    };

    [Theory]
    [MemberData(nameof(Challenges))]
    public Task A_SCRAM_challenge_that_is_an_attack_ends_the_login(string challenge, string reason) => IsRefusedAsync(reason, async session =>
    {
        await session.ReadStartupAsync();
        await session.Stream.WriteAsync(Authentication(10, Encoding.ASCII.GetBytes("SCRAM-SHA-256\0\0")));
        byte[] first = (await session.ReadAsync()).Bytes.ToArray();
        string text = Encoding.ASCII.GetString(first);
        string nonce = text[(text.LastIndexOf("r=", StringComparison.Ordinal) + 2)..];
        await session.Stream.WriteAsync(Authentication(11, Encoding.ASCII.GetBytes(challenge.Replace("{0}", nonce, StringComparison.Ordinal))));
        await session.Stream.ReadToEndAsync();
    });

    [Fact]
    public Task A_server_that_says_Ok_in_the_middle_of_SCRAM_is_not_believed() => IsRefusedAsync("the server said AuthenticationOk before it proved", async session =>
    {
        await session.ReadStartupAsync();
        await session.Stream.WriteAsync(Authentication(10, Encoding.ASCII.GetBytes("SCRAM-SHA-256\0\0")));
        await session.ReadAsync();
        await session.Stream.WriteAsync(Authentication(0, []));
        await session.Stream.ReadToEndAsync();
    });

    [Theory]
    [InlineData("N\0\0\0\u0005\0")]
    [InlineData("S\0\0\0\u0008a\0b\0")]
    public Task A_login_that_never_ends_is_given_up(string message) => IsRefusedAsync("the login is endless", async session =>
    {
        await session.ReadStartupAsync();
        await session.Stream.WriteAsync(Authentication(0, []));
        byte[] bytes = Encoding.Latin1.GetBytes(message);
        try
        {
            while (true)
            {
                await session.Stream.WriteAsync(bytes);
            }
        }
        catch (IOException)
        {
            // The proxy has gone.
        }
    });

    [Fact]
    public Task A_server_that_says_nothing_is_given_up() => IsRefusedAsync("server_connect_timeout", session => session.Stream.ReadToEndAsync(), "server_connect_timeout = \"300ms\"");

    [Fact]
    public Task A_question_that_is_never_answered_to_its_end_is_given_up() => IsRefusedAsync("the answer to a query at login is endless", async session =>
    {
        await session.LoginAsync();
        await session.ReadToQueryAsync();
        byte[] rows = new byte[7 * 10_000];
        for (int i = 0; i < rows.Length; i += 7)
        {
            // DataRow without a column
            rows[i] = (byte)'D';
            rows[i + 4] = 6;
        }

        try
        {
            while (true)
            {
                await session.Stream.WriteAsync(rows);
            }
        }
        catch (IOException)
        {
            // The proxy has gone.
        }
    }, database: "connect_query = \"select 1\"");

    private static async Task IsRefusedAsync(string reason, Func<ScriptedSession, Task> script, string proxy = "", string database = "")
    {
        await using var backend = ScriptedBackend.Start(script);
        await using ProxyUnderTest under = await ProxyUnderTest.StartAsync(place => PoolScene.Text(
            place.Port, backend.Port, "x", proxy: $"server_tls_sslmode = \"disable\"\nlogfile = \"{place.File("proxy.log")}\"\n{proxy}", database: $"password = \"secret\"\n{database}"));
        await using RawClient client = await under.ConnectAsync();
        Assert.Equal("08006", (await client.TryLoginAsync("a", "app")).Error?.SqlState);
        await WaitFor.TrueAsync(() => File.ReadAllText(under.Place.File("proxy.log")).Contains(reason, StringComparison.Ordinal));
    }

    private static byte[] Authentication(int kind, byte[] data)
    {
        int length = 8 + data.Length;
        return [(byte)'R', (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, 0, 0, 0, (byte)kind, .. data];
    }
}
