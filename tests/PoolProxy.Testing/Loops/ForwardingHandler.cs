using PoolProxy.Core.Loops;
using PoolProxy.Core.Transport;

namespace PoolProxy.Testing.Loops;

/// <summary>
/// Sends what it is given to another connection (or back), straight from the lease, cut at random places and with made-up neighbours in
/// between when it echoes; stops reading while the other peer takes nothing. Touched on the loop.
/// </summary>
internal sealed class ForwardingHandler(Loop loop, Random random) : IConnectionHandler
{
    private const int HighWaterBytes = 128 * 1024;

    private readonly SegmentList _segments = new(loop);

    /// <summary>Where the bytes go; null: back.</summary>
    public Connection? Target { get; set; }

    /// <summary>The connection whose reading waits for this one's drain.</summary>
    public Connection? Source { get; set; }

    public long ReceivedBytes { get; private set; }

    public int PauseCount { get; private set; }

    public long LargestBacklogBytes { get; private set; }

    public void OnReceived(Connection connection, in ReceivedBytes bytes)
    {
        ReceivedBytes += bytes.Length;
        var target = Target ?? connection;
        for (var offset = 0; offset < bytes.Length;)
        {
            var length = Math.Min(bytes.Length - offset, random.Next(4) == 0 ? random.Next(1, 200) : bytes.Length);
            if (random.Next(8) == 0)
            {
                // A piece that may not be kept, between pieces that may.
                bytes.Span.Slice(offset, length = Math.Min(length, 100)).CopyTo(_segments.AddScratch(length));
            }
            else
            {
                _segments.AddReceived(bytes, offset, length);
            }

            offset += length;
            if (!_segments.HasRoom(1, 200) || random.Next(16) == 0)
            {
                target.Send(_segments);
            }
        }

        target.Send(_segments);
        LargestBacklogBytes = Math.Max(LargestBacklogBytes, target.BacklogBytes);
        if (target.BacklogBytes > HighWaterBytes)
        {
            PauseCount++;
            connection.PauseReading();
        }
    }

    public void OnDrained(Connection connection) => (Source ?? connection).ResumeReading();

    public void OnEnd(Connection connection, ConnectionEnd end)
    {
        (Target ?? connection).Close();
        connection.Close();
    }
}
