using System.Text;

namespace PoolProxy.UnitTests.Telemetry;

/// <summary>A target that takes a line only when it is let: what a hanging disk looks like to the writer.</summary>
internal sealed class GatedStream : Stream
{
    private readonly MemoryStream _written = new();

    public ManualResetEventSlim Gate { get; } = new(true);

    public ManualResetEventSlim Reached { get; } = new();

    public volatile bool IsBroken;

    public string[] Lines
    {
        get
        {
            lock (_written)
                return Encoding.UTF8.GetString(_written.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Reached.Set();
        Gate.Wait();
        if (IsBroken)
            throw new IOException("no space left");
        lock (_written)
            _written.Write(buffer);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
