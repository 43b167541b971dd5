using System.Text;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Transport;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Core.Backend;

/// <summary>Simple queries of the proxy's own on a server that is still being opened; parameters reported meanwhile are kept.</summary>
internal sealed class ServerDialogue(ColdChannel channel, ParameterRegistry registry, ServerFacts facts)
{
    private const int MaxMessageBytes = 256 * 1024;

    /// <summary>More than any catalogue that is asked about holds; a bound against a server that never comes to an end.</summary>
    private const int MaxAnswerBytes = 16 * 1024 * 1024;

    public ServerFacts Facts { get; private set; } = facts;

    /// <summary>Each row as text, NULL as empty.</summary>
    /// <exception cref="ServerLoginException">The server answered with an error.</exception>
    public async Task<List<string[]>> QueryAsync(string sql)
    {
        using (var writer = new MessageWriter())
        {
            Query.Write(writer, Encoding.UTF8.GetBytes(sql));
            channel.Write(writer.WrittenSpan);
        }

        var rows = new List<string[]>();
        await ReadAsync((type, body) =>
        {
            if (type == BackendType.DataRow)
            {
                rows.Add(Columns(body.Span));
            }
        });
        return rows;
    }

    /// <summary>
    /// A statement with one value, by the extended protocol: how many values it takes and how many columns it answers with; the rows are passed over. One that takes another number of values
    /// is not carried out.
    /// </summary>
    /// <exception cref="ServerLoginException">The server answered with an error.</exception>
    public async Task<(int Parameters, int Columns)> AskAsync(string sql, string value)
    {
        using var writer = new MessageWriter();
        Parse.Write(writer, default, Encoding.UTF8.GetBytes(sql));
        Describe.Write(writer, StatementOrPortal.Statement, default);
        Sync.Write(writer);
        channel.Write(writer.WrittenSpan);
        var (parameters, columns) = (0, 0);
        await ReadAsync((type, body) =>
        {
            if (type == BackendType.ParameterDescription && ParameterDescription.TryRead(body.Span, out var described))
            {
                parameters = described.Types.Length / sizeof(int);
            }
            else if (type == BackendType.RowDescription && RowDescription.TryRead(body.Span, out var row))
            {
                columns = row.Count;
            }
        });
        if (parameters == 1)
        {
            writer.Clear();
            Bind.Write(writer, default, default, [Encoding.UTF8.GetBytes(value)]);
            Execute.Write(writer, default);
            Sync.Write(writer);
            channel.Write(writer.WrittenSpan);
            await ReadAsync(static (_, _) => { });
        }

        return (parameters, columns);
    }

    /// <summary>Reads up to ReadyForQuery; what is neither an error nor a parameter goes to <paramref name="onMessage"/>.</summary>
    private async Task ReadAsync(Action<byte, ReadOnlyMemory<byte>> onMessage)
    {
        ServerLoginException? failure = null;
        for (var bytes = 0; ;)
        {
            var message = await channel.ReadMessageAsync(MaxMessageBytes);
            bytes += message.Body.Length + Frame.HeaderLength;
            if (bytes > MaxAnswerBytes)
            {
                throw new ServerLoginException("the answer to a query at login is endless");
            }

            switch (message.Type)
            {
                case BackendType.ErrorResponse:
                    failure ??= ServerLogin.Refused(message.Body.Span);
                    break;
                case BackendType.ParameterStatus:
                    Note(message.Body.Span);
                    break;
                case BackendType.ReadyForQuery:
                    if (failure is null && message.Body.Span is [(byte)TransactionStatus.Idle])
                    {
                        return;
                    }

                    throw failure ?? new ServerLoginException("a query at login left a transaction open");
                default:
                    onMessage(message.Type, message.Body);
                    break;
            }
        }
    }

    private static string[] Columns(ReadOnlySpan<byte> body)
    {
        if (!DataRow.TryRead(body, out var row))
        {
            throw new ServerLoginException("malformed DataRow");
        }

        var columns = new string[row.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = row.TryGetValue(i, out var value) ? Encoding.UTF8.GetString(value) : "";
        }

        return columns;
    }

    private void Note(ReadOnlySpan<byte> body)
    {
        if (ParameterStatus.TryRead(body, out var status) && registry.Names.Find(status.Name) is { } name)
        {
            Facts = Facts with { Parameters = registry.With(Facts.Parameters, name, status.Value) };
        }
    }
}
