using System.Buffers.Binary;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Messages;

public sealed class StartupPacketTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(-1)]
    [InlineData(10_005)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void A_length_out_of_bounds_is_malformed(int stated)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, stated);
        Assert.Equal(FrameStatus.Malformed, StartupPacket.TryReadHeader(bytes, out int total));
        Assert.Equal(0, total);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(10_004)]
    public void A_length_in_bounds_is_the_packets(int stated)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, stated);
        Assert.Equal(FrameStatus.Complete, StartupPacket.TryReadHeader(bytes, out int total));
        Assert.Equal(stated, total);
        Assert.Equal(FrameStatus.NeedMore, StartupPacket.TryReadHeader(bytes.AsSpan(0, 3), out _));
    }

    [Fact]
    public void Requests_are_told_by_their_codes()
    {
        Assert.Equal(StartupPacketKind.SSLRequest, StartupPacket.Classify(Written.UntypedBody(SSLRequest.Write)));
        Assert.Equal(StartupPacketKind.GSSENCRequest, StartupPacket.Classify(Written.UntypedBody(GSSENCRequest.Write)));
        Assert.Equal(StartupPacketKind.CancelRequest, StartupPacket.Classify(Written.UntypedBody(writer => CancelRequest.Write(writer, 7, "key!"u8))));
        Assert.Equal(StartupPacketKind.StartupMessage, StartupPacket.Classify([0, 3, 0, 0, 0]));
        Assert.Equal(StartupPacketKind.StartupMessage, StartupPacket.Classify([0, 2, 0, 0]));
    }

    [Fact]
    public void The_bytes_of_SSLRequest_are_those_of_the_documentation() =>
        Assert.Equal([0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F], Written.Bytes(SSLRequest.Write));

    [Fact]
    public void A_request_with_bytes_behind_it_is_malformed()
    {
        Assert.Equal(StartupPacketKind.Malformed, StartupPacket.Classify([.. Written.UntypedBody(SSLRequest.Write), 0]));
        Assert.Equal(StartupPacketKind.Malformed, StartupPacket.Classify([.. Written.UntypedBody(GSSENCRequest.Write), 0]));
        Assert.Equal(StartupPacketKind.Malformed, StartupPacket.Classify([0, 3, 0]));
        Assert.Equal(StartupPacketKind.Malformed, StartupPacket.Classify(new byte[10_001]));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(32, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void A_cancel_key_has_4_to_256_bytes(int keyLength, bool accepted)
    {
        byte[] body = new byte[8 + keyLength];
        BinaryPrimitives.WriteInt32BigEndian(body, CancelRequest.Code);
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(4), -5);
        Assert.Equal(accepted, CancelRequest.TryRead(body, out CancelRequest message));
        if (accepted) Assert.Equal((-5, keyLength), (message.ProcessId, message.Key.Length));
        else Assert.Equal(StartupPacketKind.Malformed, StartupPacket.Classify(body));
    }
}
