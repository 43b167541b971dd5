using System.Globalization;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;
using PoolProxy.Testing;
using PoolProxy.Testing.Wire;

namespace PoolProxy.IntegrationTests.Admin;

/// <summary>A result of the console as rows by column name.</summary>
internal static class ConsoleRows
{
    /// <summary>Runs a SHOW by a simple Query.</summary>
    public static async Task<List<Dictionary<string, string?>>> RowsAsync(this RawClient client, string command) => Read(await client.QueryAsync(command));

    /// <summary>The one row whose column has that value.</summary>
    public static async Task<Dictionary<string, string?>> RowAsync(this RawClient client, string command, string column, string value) =>
        (await client.RowsAsync(command)).Single(row => row[column] == value);

    /// <summary>What the loops have allocated so far, in bytes, by the console of a proxy: asking adds some thousand.</summary>
    public static async Task<long> AllocatedBytesAsync(this RawClient console) =>
        (await console.RowsAsync("SHOW LOOPS")).Sum(row => long.Parse(row["allocated_bytes"]!, CultureInfo.InvariantCulture));

    private static List<Dictionary<string, string?>> Read(IReadOnlyList<WireMessage> messages)
    {
        var rows = new List<Dictionary<string, string?>>();
        var names = new List<string>();
        foreach (var message in messages)
        {
            if (message.Type == BackendType.ErrorResponse)
            {
                throw new InvalidDataException(message.ToString());
            }

            if (message.Type == BackendType.RowDescription && RowDescription.TryRead(message.Body, out var description))
            {
                foreach (var column in description)
                {
                    names.Add(System.Text.Encoding.UTF8.GetString(column.Name));
                }
            }
            else if (message.Type == BackendType.DataRow)
            {
                rows.Add(names.Zip(message.Values).ToDictionary(pair => pair.First, pair => pair.Second));
            }
        }

        return rows;
    }
}
