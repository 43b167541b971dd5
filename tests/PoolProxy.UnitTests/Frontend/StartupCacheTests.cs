using PoolProxy.Core.Frontend;
using PoolProxy.Protocol.Messages.Frontend;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.UnitTests.Frontend;

public sealed class StartupCacheTests
{
    private readonly StartupCache _cache = new();

    [Fact]
    public void The_same_packet_is_read_once()
    {
        var (packet, settings) = Read("alice", "app");
        Assert.Null(_cache.Find(packet));
        _cache.Add(packet, settings);

        Assert.Same(settings, _cache.Find(packet.ToArray()));
        Assert.Null(_cache.Find(Read("alicf", "app").Packet));
        Assert.Null(_cache.Find(packet.AsSpan(1)));
    }

    [Fact]
    public void A_RELOAD_forgets_them()
    {
        var (packet, settings) = Read("alice", "app");
        _cache.Add(packet, settings);
        _cache.Clear();
        Assert.Null(_cache.Find(packet));
    }

    [Fact]
    public void It_starts_anew_when_full()
    {
        for (var i = 0; i < StartupCache.Capacity; i++)
        {
            var (packet, settings) = Read($"user{i}", "app");
            _cache.Add(packet, settings);
        }

        Assert.NotNull(_cache.Find(Read("user0", "app").Packet));
        var (next, another) = Read("one more", "app");
        _cache.Add(next, another);
        Assert.Null(_cache.Find(Read("user0", "app").Packet));
        Assert.Same(another, _cache.Find(next));
    }

    [Fact]
    public void A_long_packet_is_not_kept()
    {
        var (packet, settings) = Read(new string('u', StartupCache.MaxPacketBytes), "app");
        _cache.Add(packet, settings);
        Assert.Null(_cache.Find(packet));
    }

    private static (byte[] Packet, StartupSettings Settings) Read(string user, string database)
    {
        var packet = StartupPackets.StartupMessage(StartupPackets.Version30, [new("user", user), new("database", database)])[sizeof(int)..];
        Assert.Equal(StartupResult.Accepted, StartupMessage.TryRead(packet, out var message));
        var settings = StartupSettings.Read(in message, [], [], out var error);
        Assert.Null(error);
        return (packet, settings);
    }
}
