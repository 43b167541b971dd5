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
                case BackendType.DataRow:
                    rows.Add(Columns(message.Body.Span));
                    break;
                case BackendType.ErrorResponse:
                    failure ??= ServerLogin.Refused(message.Body.Span);
                    break;
                case BackendType.ParameterStatus:
                    Note(message.Body.Span);
                    break;
                case BackendType.ReadyForQuery:
                    return failure is null && message.Body.Span is [(byte)TransactionStatus.Idle]
                        ? rows
                        : throw failure ?? new ServerLoginException("a query at login left a transaction open");
                default:
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
