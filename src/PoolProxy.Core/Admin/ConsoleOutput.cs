using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Frontend;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin;

/// <summary>What one client of the console is told: gathered, and sent in one write. Owned by its session; holds no buffer in between.</summary>
internal sealed class ConsoleOutput(ConsoleView view, ClientSession session)
{
    private MessageWriter? _writer;

    /// <summary>Takes messages until the next <see cref="Flush"/>.</summary>
    public MessageWriter Writer => _writer ??= new MessageWriter();

    /// <summary>Bytes gathered.</summary>
    public int WrittenLength => _writer?.WrittenLength ?? 0;

    /// <summary>
    /// A whole answer whose rows go out one by one, each with its descriptor (unix(7), SCM_RIGHTS), and without the ReadyForQuery. False where the client does not take
    /// them as fast: nothing can be said to it any more.
    /// </summary>
    public bool TrySendRowsWith(IReadOnlyList<int> descriptors, IReadOnlyList<Column> columns, ConsoleAnswer answer)
    {
        ResultWriter.WriteDescription(Writer, columns, default);
        Flush();
        for (var i = 0; i < answer.Rows.Count; i++)
        {
            using var row = new MessageWriter();
            ResultWriter.WriteRow(row, columns, answer.Rows[i], default);
            view.OwnStats.SentBytes += row.WrittenLength;
            if (!session.Connection.TrySendWith(descriptors[i], row.WrittenSpan))
            {
                return false;
            }
        }

        ResultWriter.WriteTag(Writer, answer);
        return true;
    }

    /// <summary>Sends what is gathered.</summary>
    public void Flush()
    {
        if (_writer is { } writer)
        {
            view.OwnStats.SentBytes += writer.WrittenLength;
            session.Connection.Send(writer.WrittenSpan);
            writer.Dispose();
            _writer = null;
        }
    }
}
