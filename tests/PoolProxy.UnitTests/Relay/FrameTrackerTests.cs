using PoolProxy.Core.Backend;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Relay.Replication;
using Xunit;

namespace PoolProxy.UnitTests.Relay;

/// <summary>What the proxy knows of a stream that it passes on uninspected.</summary>
public sealed class FrameTrackerTests
{
    private static readonly byte[] Stream = [(byte)'Q', 0, 0, 0, 6, (byte)'x', 0, (byte)'c', 0, 0, 0, 4, (byte)'d', 0, 0, 1, 4, .. new byte[256]];

    [Fact]
    public void A_stream_cut_anywhere_is_followed_alike()
    {
        for (int cut = 0; cut <= Stream.Length; cut++)
        {
            FrameTracker tracker = default;
            Assert.True(tracker.TryPass(Stream.AsSpan(0, cut)));
            Assert.Equal(cut is 0 or 7 or 12 || cut == Stream.Length, tracker.IsBetweenMessages);
            Assert.True(tracker.TryPass(Stream.AsSpan(cut)));
            Assert.True(tracker.IsBetweenMessages);
            Assert.Equal((byte)'d', tracker.LastType);
        }
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0, 0, 0, 3)]
    [InlineData(0xff, 0xff, 0xff, 0xff)]
    [InlineData(0x80, 0, 0, 0)]
    public void A_length_that_cannot_be_is_noticed(byte a, byte b, byte c, byte d)
    {
        FrameTracker tracker = default;
        Assert.False(tracker.TryPass([(byte)'d', a, b, c, d]));
    }

    [Theory]
    [InlineData("true", true, ReplicationKind.Physical)]
    [InlineData("t", true, ReplicationKind.Physical)]
    [InlineData("ON", true, ReplicationKind.Physical)]
    [InlineData("yes", true, ReplicationKind.Physical)]
    [InlineData("1", true, ReplicationKind.Physical)]
    [InlineData("database", true, ReplicationKind.Logical)]
    [InlineData("of", true, ReplicationKind.None)]
    [InlineData("no", true, ReplicationKind.None)]
    [InlineData("0", true, ReplicationKind.None)]
    [InlineData("o", false, ReplicationKind.None)]
    [InlineData("", false, ReplicationKind.None)]
    [InlineData("databases", false, ReplicationKind.None)]
    [InlineData("10", false, ReplicationKind.None)]
    public void The_words_of_the_startup_parameter_are_PostgreSQL_s(string word, bool isWord, object kind)
    {
        Assert.Equal(isWord, ReplicationWord.TryRead(word, out ReplicationKind read));
        if (isWord)
        {
            Assert.Equal(kind, read);
        }
    }
}
