using PoolProxy.Core.Frontend;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Admin;

/// <summary>What one client of the console is told: gathered, and sent in one write. Owned by its session; holds no buffer in between.</summary>
internal sealed class ConsoleOutput(ConsoleView view, ClientSession session)
{
    private MessageWriter? _writer;

    /// <summary>Takes messages until the next <see cref="Flush"/>.</summary>
    public MessageWriter Writer => _writer ??= new MessageWriter();

    /// <summary>Bytes gathered.</summary>
    public int WrittenLength => _writer?.WrittenLength ?? 0;

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
