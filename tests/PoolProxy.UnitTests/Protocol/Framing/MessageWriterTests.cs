using FsCheck;
using FsCheck.Fluent;
using PoolProxy.Protocol.Framing;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Framing;

public sealed class MessageWriterTests
{
    [Fact]
    public void A_message_gets_its_length_when_it_ends()
    {
        using var writer = new MessageWriter();
        writer.Begin(FrontendType.Query);
        writer.WriteCString("SELECT 1");
        writer.End();
        Assert.Equal("Q\0\0\0\u000dSELECT 1\0"u8, writer.WrittenSpan);
    }

    [Fact]
    public void Any_bodies_come_back_one_after_the_other_however_often_the_buffer_grew() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[][]>(), bodies =>
        {
            using var writer = new MessageWriter(capacityBytes: 0);
            foreach (byte[] body in bodies)
            {
                writer.Begin((byte)'d');
                writer.WriteBytes(body);
                writer.End();
            }

            ReadOnlySpan<byte> rest = writer.WrittenSpan;
            foreach (byte[] body in bodies)
            {
                if (Frame.TryReadHeader(rest, out byte type, out long total) != FrameStatus.Complete || type != 'd') return false;
                if (!rest[Frame.HeaderLength..(int)total].SequenceEqual(body)) return false;
                rest = rest[(int)total..];
            }

            return rest.IsEmpty;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_NUL_inside_a_string_is_refused()
    {
        using var writer = new MessageWriter();
        writer.Begin(FrontendType.Query);
        Assert.Throws<ArgumentException>(() => writer.WriteCString("a\0b"));
        Assert.Throws<ArgumentException>(() => writer.WriteCString("a\0b"u8));
    }

    [Fact]
    public void What_is_written_is_not_seen_before_the_message_ends()
    {
        using var writer = new MessageWriter();
        writer.Begin(FrontendType.Query);
        Assert.Throws<InvalidOperationException>(() => writer.WrittenSpan.Length);
        Assert.Throws<InvalidOperationException>(() => writer.Begin(FrontendType.Query));
        writer.Clear();
        Assert.Equal(0, writer.WrittenSpan.Length);
        Assert.Throws<InvalidOperationException>(writer.End);
    }

    [Fact]
    public void More_than_a_writer_holds_is_refused_before_memory_is_taken()
    {
        using var writer = new MessageWriter();
        writer.WriteByte(0);
        Assert.Throws<InvalidOperationException>(() => writer.GetSpan(MessageWriter.MaxLengthBytes).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MessageWriter(MessageWriter.MaxLengthBytes + 1));
    }

    [Fact]
    public void A_warm_writer_allocates_nothing()
    {
        using var writer = new MessageWriter();
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 100; i++) Write(writer);
        }));
    }

    private static void Write(MessageWriter writer)
    {
        writer.Clear();
        writer.Begin(FrontendType.Query);
        writer.WriteCString("SELECT 1"u8);
        writer.End();
    }
}
