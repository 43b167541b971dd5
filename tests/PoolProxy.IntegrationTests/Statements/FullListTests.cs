using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Statements;

/// <summary>Answers in more pieces than one write holds: the server's own in turn with those that the proxy makes.</summary>
public sealed class FullListTests
{
    [Theory]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    public async Task An_error_of_the_proxys_own_fits_behind_any_number_of_pieces(int count)
    {
        await using var backend = ScriptedBackend.Start(PlayAsync);
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => PoolScene.Text(
            place.Port, backend.Port, "x", proxy: "server_tls_sslmode = \"disable\""));
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("first", "select 1").Sync().RoundTripAsync();
        for (int number = 0; number < count; number++)
        {
            // The server has it already, so ParseComplete is the proxy's.
            client.Parse($"s{number}", "select 1").Bind("", $"s{number}").Execute();
        }
        IReadOnlyList<WireMessage> answer = await client.Parse("last", "select 1").Bind("", "unknown").Sync().RoundTripAsync();
        Assert.Equal("26000", answer.SqlState());
        string once = "ParseComplete BindComplete CommandComplete ";
        Assert.Equal(string.Concat(Enumerable.Repeat(once, count)) + "ParseComplete ErrorResponse ReadyForQuery", answer.Names());
    }

    /// <summary>Answers each batch in one write; a Parse that stands for a refusal fails.</summary>
    private static async Task PlayAsync(ScriptedSession session)
    {
        await session.LoginAsync();
        var answers = new List<string>();
        bool isSkipping = false;
        while (true)
        {
            WireMessage message;
            try
            {
                message = await session.ReadAsync();
            }
            catch (EndOfStreamException)
            {
                return;
            }
            if (message.Name == "Terminate")
            {
                return;
            }
            if (message.Name == "Sync")
            {
                isSkipping = false;
                await session.SendAsync([.. answers, "ReadyForQuery I"]);
                answers.Clear();
            }
            else if (!isSkipping)
            {
                isSkipping = message.ToString().Contains("refused_by_poolproxy", StringComparison.Ordinal);
                answers.Add(isSkipping ? """ErrorResponse S="ERROR" C="42601" M="syntax error" """ : message.Name switch
                {
                    "Parse" => "ParseComplete",
                    "Bind" => "BindComplete",
                    "Execute" => "CommandComplete \"SELECT 0\"",
                    _ => throw new InvalidDataException($"unexpected {message}"),
                });
            }
        }
    }
}
