using PoolProxy.Testing;
using PoolProxy.Testing.Wire;

namespace PoolProxy.IntegrationTests;

/// <summary>Short words for what tests ask of answers.</summary>
internal static class Answers
{
    /// <summary>The names of messages, one after the other with blanks between.</summary>
    public static string Names(this IEnumerable<WireMessage> messages) => string.Join(' ', messages.Select(message => message.Name));

    /// <summary>The first error's SQLSTATE; empty without an error.</summary>
    public static string SqlState(this IEnumerable<WireMessage> messages) => messages.FirstOrDefault(message => message.Name == "ErrorResponse")?.SqlState ?? "";

    /// <summary>The first error's text; empty without an error.</summary>
    public static string ErrorText(this IEnumerable<WireMessage> messages) => messages.FirstOrDefault(message => message.Name == "ErrorResponse")?.ErrorText ?? "";

    /// <summary>The first values of all rows.</summary>
    public static IEnumerable<string?> Rows(this IEnumerable<WireMessage> messages) => messages.Where(message => message.Name == "DataRow").Select(message => message.Values[0]);

    /// <summary>The last ReadyForQuery's letter.</summary>
    public static char Status(this IEnumerable<WireMessage> messages) => (char)messages.Last(message => message.Name == "ReadyForQuery").TransactionStatus;

    /// <summary>The process id of the server that serves the client now.</summary>
    public static async Task<int> ServerIdAsync(this RawClient client) => int.Parse((await client.ScalarAsync("select pg_backend_pid()"))!, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Sends a Query and reads nothing.</summary>
    public static Task SendQueryAsync(this RawClient client, string sql) => client.Query(sql).SendAsync();

    /// <summary>Reads up to ReadyForQuery, or to the end of the connection if that comes first.</summary>
    public static async Task<IReadOnlyList<WireMessage>> ReadToEndOrReadyAsync(this RawClient client)
    {
        var messages = new List<WireMessage>();
        try
        {
            do
            {
                messages.Add(await client.ReadAsync());
            }
            while (messages[^1].Name != "ReadyForQuery");
        }
        // The end is one of the two answers.
        catch (EndOfStreamException)
        {
        }
        return messages;
    }
}
