using PoolProxy.Core.Pooling;
using PoolProxy.Testing;
using PoolProxy.Testing.Loops;
using Xunit;

namespace PoolProxy.UnitTests.Pooling;

public sealed class ServerShareTests : IDisposable
{
    private readonly LoopThread _loop = new();
    private readonly ServerShare _share = new();
    private readonly List<string> _told = [];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void Those_who_wait_are_told_in_their_order_and_only_while_they_wait()
    {
        ShareNode first = Node("first"), second = Node("second"), third = Node("third"), fourth = Node("fourth");
        _loop.Do(() =>
        {
            Assert.True(first.TryHold(1));
            Assert.True(first.TryHold(1));
            Assert.False(second.TryHold(1));
            Assert.False(second.TryHold(1));
            Assert.False(third.TryHold(1));
            Assert.False(fourth.TryHold(1));
            Assert.NotNull(second.WaitsSinceMilliseconds);
            third.Leave();
            Assert.Null(third.WaitsSinceMilliseconds);
            first.Leave();
            first.Leave();
            Assert.False(first.TryHold(1));
            return 0;
        });

        Assert.Equal(["second"], _loop.Do(() => _told.ToArray()));
        _loop.Do(() =>
        {
            Assert.True(second.TryHold(1));
            second.Leave();
            return 0;
        });
        Assert.Equal(["second", "fourth"], _loop.Do(() => _told.ToArray()));
        Assert.Equal(1, _share.HeldCount);
    }

    [Fact]
    public void One_that_was_granted_and_leaves_before_it_is_told_gives_its_place_on()
    {
        ShareNode holder = Node("holder"), leaver = Node("leaver"), next = Node("next");
        _loop.Do(() =>
        {
            holder.TryHold(1);
            leaver.TryHold(1);
            next.TryHold(1);
            holder.Leave();
            leaver.Leave();
            return 0;
        });

        Assert.Equal(["next"], _loop.Do(() => _told.ToArray()));
        Assert.Equal(1, _share.HeldCount);
    }

    [Fact]
    public void A_larger_bound_of_another_client_does_not_overtake()
    {
        ShareNode holder = Node("holder"), small = Node("small"), large = Node("large");
        _loop.Do(() =>
        {
            Assert.True(holder.TryHold(1));
            Assert.False(small.TryHold(1));
            Assert.False(large.TryHold(5));
            holder.Leave();
            return 0;
        });

        Assert.Equal(["small", "large"], _loop.Do(() => _told.ToArray()));
        Assert.Equal(2, _share.HeldCount);
    }

    [Fact]
    public void Holding_and_leaving_allocate_nothing()
    {
        ShareNode node = Node("one");
        _loop.Do(() =>
        {
            Assert.Equal(0, Allocations.Of(() =>
            {
                for (int i = 0; i < 1000; i++)
                {
                    node.TryHold(1);
                    node.Leave();
                }
            }));
            return 0;
        });
    }

    [Fact]
    public void A_share_is_one_for_a_person_while_it_has_clients()
    {
        var shares = new ServerShares();
        ServerShare one = shares.Acquire("corp", "alice");

        Assert.Same(one, shares.Acquire("corp", "alice"));
        Assert.NotSame(one, shares.Acquire("corp", "bob"));
        Assert.NotSame(one, shares.Acquire("other", "alice"));
        shares.Release("corp", "alice", one);
        Assert.Same(one, shares.Acquire("corp", "alice"));
        shares.Release("corp", "alice", one);
        shares.Release("corp", "alice", one);
        Assert.NotSame(one, shares.Acquire("corp", "alice"));
    }

    private ShareNode Node(string name) => new(_share, _loop.Loop, () => _told.Add(name));
}
