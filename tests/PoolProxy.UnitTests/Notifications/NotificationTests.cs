using System.Text;
using PoolProxy.Core.Notifications;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;
using Xunit;

namespace PoolProxy.UnitTests.Notifications;

public sealed class NotificationTests
{
    [Fact]
    public void It_is_passed_on_as_it_came()
    {
        using var writer = new MessageWriter();
        NotificationResponse.Write(writer, 4711, "käse"u8, [0xE9, (byte)'x']);
        Notification notification = Notification.Read(writer.WrittenSpan[Frame.HeaderLength..])!;
        Assert.Equal("käse", notification.Channel);
        Assert.Equal(writer.WrittenSpan.ToArray(), notification.Wire.ToArray());
    }

    [Fact]
    public void What_is_none_is_dropped() => Assert.Null(Notification.Read(Encoding.UTF8.GetBytes("abcd no end")));
}
