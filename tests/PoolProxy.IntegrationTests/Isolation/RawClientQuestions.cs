using PoolProxy.Testing;
using PoolProxy.Testing.Wire;

namespace PoolProxy.IntegrationTests.Isolation;

/// <summary>Questions that the tests of isolation put again and again.</summary>
internal static class RawClientQuestions
{
    /// <summary>The backend's process id.</summary>
    public static async Task<int> BackendIdAsync(this RawClient client) => int.Parse((await client.ScalarAsync("select pg_backend_pid()"))!);

    /// <summary>Runs a Query that must succeed.</summary>
    /// <exception cref="InvalidDataException">It failed.</exception>
    public static async Task<IReadOnlyList<WireMessage>> DoAsync(this RawClient client, string sql)
    {
        IReadOnlyList<WireMessage> messages = await client.QueryAsync(sql);
        return messages.FirstOrDefault(message => message.Name == "ErrorResponse") is { } error
            ? throw new InvalidDataException($"{sql}: {error}")
            : messages;
    }

    /// <summary>What a Query says: the first value of its first row, <c>(null)</c>, the SQLSTATE of its error, or <c>(nothing)</c>.</summary>
    public static async Task<string> SaysAsync(this RawClient client, string sql) => Said(await client.QueryAsync(sql));

    /// <summary>As <see cref="SaysAsync"/>, by the extended protocol.</summary>
    public static async Task<string> SaysExtendedAsync(this RawClient client, string sql) =>
        Said(await client.Parse("", sql).Bind("", "").DescribePortal().Execute().Sync().RoundTripAsync());

    /// <summary>What one answer says.</summary>
    public static string Said(IEnumerable<WireMessage> messages)
    {
        foreach (WireMessage message in messages)
        {
            if (message.Name == "ErrorResponse")
            {
                return message.SqlState;
            }
            if (message.Name == "DataRow")
            {
                return message.Values[0] ?? "(null)";
            }
        }
        return "(nothing)";
    }

    /// <summary>The subject that SQL sees.</summary>
    public const string Subject = "select coalesce(nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub', '(nobody)')";
}
