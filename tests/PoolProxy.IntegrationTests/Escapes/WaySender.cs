using PoolProxy.Testing;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>Sends statements in a <see cref="Way"/>, and makes sure that what left were the messages that were meant.</summary>
internal static class WaySender
{
    /// <summary>Sends all; the answers, up to the last ReadyForQuery or the end of the connection.</summary>
    public static async Task<IReadOnlyList<WireMessage>> SendAsync(RawClient client, Way way, IReadOnlyList<string> statements)
    {
        var answers = new List<WireMessage>();
        foreach ((string names, string[] texts, int replies) in Put(way, statements))
        {
            Fill(client, way, texts, answers.Count == 0 ? 0 : 1);
            ExpectMeant(client, names, texts);
            await client.SendAsync();
            for (int i = 0; i < replies; i++)
            {
                IReadOnlyList<WireMessage> reply = await client.ReadToEndOrReadyAsync();
                answers.AddRange(reply);
                if (reply.Count == 0 || reply[^1].Name != "ReadyForQuery")
                {
                    return answers;
                }
            }
        }
        return answers;
    }

    private static IEnumerable<(string Names, string[] Texts, int Replies)> Put(Way way, IReadOnlyList<string> statements)
    {
        const string unit = "Parse Bind Describe Execute Sync";
        return way switch
        {
            Way.Simple => statements.Select(sql => ("Query", (string[])[sql], 1)),
            Way.Extended => statements.Select(sql => (unit, (string[])[sql], 1)),
            Way.Prepared => statements.Select(sql => ("Parse Sync Bind Execute Sync", (string[])[sql], 2)),
            Way.Pipelined => [(string.Join(' ', statements.Select(_ => unit)), [.. statements], statements.Count)],
            Way.Batch => [(string.Join(' ', statements.Select(_ => "Parse Bind Execute")) + " Sync", [.. statements], 1)],
            Way.MultiStatement => [("Query", [string.Join("; ", statements)], 1)],
            _ => throw new ArgumentOutOfRangeException(nameof(way)),
        };
    }

    private static void Fill(RawClient client, Way way, string[] texts, int number)
    {
        foreach (string sql in texts)
        {
            switch (way)
            {
                case Way.Simple or Way.MultiStatement:
                    client.Query(sql);
                    break;
                case Way.Extended or Way.Pipelined:
                    client.Parse("", sql).Bind("", "").DescribePortal().Execute().Sync();
                    break;
                case Way.Prepared:
                    string name = $"mine_{number}_{sql.Length}_{Guid.NewGuid():N}";
                    client.Parse(name, sql).Sync().Bind("", name).Execute().Sync();
                    break;
                default:
                    client.Parse("", sql).Bind("", "").Execute();
                    break;
            }
        }
        if (way == Way.Batch)
        {
            client.Sync();
        }
    }

    private static void ExpectMeant(RawClient client, string names, string[] texts)
    {
        IReadOnlyList<WireMessage> meant = FrontendBytes.Split(client.PendingBytes);
        Assert.Equal(names, meant.Names());
        Assert.Equal(texts, meant.Where(message => message.Name is "Query" or "Parse").Select(message => message.TextAt(message.Name == "Query" ? 0 : 1)));
    }
}
