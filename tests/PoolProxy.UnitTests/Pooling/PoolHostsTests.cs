using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Pooling;
using Xunit;

namespace PoolProxy.UnitTests.Pooling;

/// <summary>Which host is tried for a new server connection, and when a host is left alone.</summary>
public sealed class PoolHostsTests
{
    private static readonly HostNature Primary = new(IsInRecovery: false, IsReadOnly: false, Timeline: 1);
    private static readonly HostNature Standby = new(IsInRecovery: true, IsReadOnly: true, Timeline: 0);

    [Fact]
    public void Round_robin_begins_with_the_next_host_each_time()
    {
        var hosts = Make(LoadBalanceHosts.RoundRobin, TargetSessionAttrs.Any);
        Assert.Equal(["abc", "bca", "cab", "abc"], Enumerable.Range(0, 4).Select(_ => Names(hosts)));
    }

    [Fact]
    public void Without_balancing_one_host_is_stayed_with_until_it_fails()
    {
        var hosts = Make(LoadBalanceHosts.Disable, TargetSessionAttrs.Any);
        Assert.Equal(["abc", "abc"], Enumerable.Range(0, 2).Select(_ => Names(hosts)));

        // Two logins at once have failed there: it is one step all the same.
        hosts.Failed(0, Broken, 0);
        hosts.Failed(0, Broken, 0);
        Assert.Equal("bca", Names(hosts, 10_000));
    }

    [Fact]
    public void A_host_that_failed_is_left_alone_for_longer_and_longer_and_comes_last_then()
    {
        var hosts = Make(LoadBalanceHosts.Disable, TargetSessionAttrs.Any);
        hosts.Failed(1, Broken, 0);
        Assert.Equal("ac", Names(hosts, 74));
        Assert.Equal("acb", Names(hosts, 126));
        for (int i = 0; i < 10; i++)
        {
            hosts.Failed(1, Broken, 1000);
        }

        // Ten failures: but never longer than a second and its jitter.
        Assert.Equal("ac", Names(hosts, 1749));
        Assert.Equal("acb", Names(hosts, 2251));
        hosts.Answered(1, Primary, 3000);
        Assert.Equal("abc", Names(hosts, 3000));
    }

    [Fact]
    public void No_host_is_tried_before_the_first_is_worth_it()
    {
        var hosts = Make(LoadBalanceHosts.RoundRobin, TargetSessionAttrs.Any);
        for (int i = 0; i < 3; i++)
        {
            hosts.Failed(i, Broken, 0);
        }

        Assert.Equal("", Names(hosts, 50));
        Assert.InRange(hosts.RetryDue(), 75, 125);
    }

    [Fact]
    public void A_standby_is_tried_for_writes_when_it_may_have_been_promoted()
    {
        var hosts = Make(LoadBalanceHosts.RoundRobin, TargetSessionAttrs.ReadWrite);
        hosts.Answered(0, Standby, 0);
        hosts.Answered(1, Primary, 0);
        hosts.Answered(2, Standby, 0);
        Assert.Equal("b", Names(hosts, 0));
        Assert.Equal("b", Names(hosts, 249)[..1]);
        Assert.StartsWith("b", Names(hosts, 250), StringComparison.Ordinal);
        Assert.Equal(3, Names(hosts, 250).Length);
        Assert.False(hosts.IsUsable(new ServerAddress("a", 1)));
        Assert.True(hosts.IsUsable(new ServerAddress("b", 1)));
    }

    [Fact]
    public void Of_two_primaries_the_one_of_the_older_timeline_is_not_used()
    {
        var hosts = Make(LoadBalanceHosts.RoundRobin, TargetSessionAttrs.Primary);
        hosts.Answered(0, Primary, 0);
        hosts.Answered(1, Primary with { Timeline = 2 }, 0);
        Assert.Equal("cb", string.Concat(Names(hosts, 0).Order().Reverse()));
        Assert.False(hosts.IsUsable(new ServerAddress("a", 1)));

        // Even when its successor does not answer: writes would go where nobody sees them.
        hosts.Failed(1, Broken, 0);
        Assert.False(hosts.IsUsable(new ServerAddress("a", 1)));
    }

    [Fact]
    public void Prefer_standby_tries_whatever_there_is_behind_every_standby()
    {
        var hosts = Make(LoadBalanceHosts.Disable, TargetSessionAttrs.PreferStandby);
        hosts.Answered(0, Primary, 0);
        var order = hosts.Order(0);
        Assert.Equal(
            ["b Standby", "c Standby", "a PreferStandby", "b PreferStandby", "c PreferStandby"], order.Select(candidate => $"{candidate.Target.Host} {candidate.Target.Demand}"));
    }

    [Fact]
    public void A_refused_login_says_nothing_of_the_host()
    {
        var registry = new HostRegistry();
        var (one, other) = (Make(LoadBalanceHosts.Disable, TargetSessionAttrs.Any, registry), Make(LoadBalanceHosts.Disable, TargetSessionAttrs.Any, registry));
        one.Failed(0, new ServerLoginException("28P01 no") { SqlState = "28P01" }, 0);
        Assert.Equal("bc", Names(one, 14_999));
        Assert.Equal("abc", Names(one, 15_000));
        Assert.Equal("abc", Names(other, 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_timeline_of_a_host_that_is_gone_does_not_count_for_ever(bool reconnects)
    {
        var hosts = Make(LoadBalanceHosts.Disable, TargetSessionAttrs.Primary);
        var b = new ServerAddress("b", 1);
        hosts.Answered(0, Primary with { Timeline = 8 }, 0);
        hosts.Answered(1, Primary, 0);
        for (int i = 0; i < 20; i++)
        {
            hosts.Failed(0, Broken, 1000);
        }

        Assert.False(hosts.Failed(0, Broken, 60_999));
        Assert.False(hosts.IsUsable(b));
        Assert.True(reconnects ? hosts.Health[0].GiveUp() : hosts.Failed(0, Broken, 61_000));
        Assert.True(hosts.IsUsable(b));
        Assert.False(hosts.Failed(0, Broken, 70_000));
        Assert.False(hosts.Health[1].GiveUp());

        // It is back.
        Assert.True(hosts.Answered(0, Primary with { Timeline = 8 }, 70_000));
        Assert.False(hosts.IsUsable(b));
    }

    [Fact]
    public void What_one_of_several_addresses_is_says_nothing_of_the_name()
    {
        var registry = new HostRegistry();
        var (writer, reader) = (Make(LoadBalanceHosts.Disable, TargetSessionAttrs.ReadWrite, registry), Make(LoadBalanceHosts.Disable, TargetSessionAttrs.Standby, registry));
        var a = new ServerAddress("a", 1);
        Assert.False(writer.Answered(0, Primary with { IsOneOfMany = true }, 0));
        Assert.False(reader.Answered(0, Standby with { IsOneOfMany = true }, 0));
        Assert.Equal((true, true), (writer.IsUsable(a), reader.IsUsable(a)));
        Assert.Equal(("abc", "abc"), (Names(writer), Names(reader)));

        // No address is a standby: that pool leaves the name alone for a moment, the other does not.
        Assert.False(reader.Failed(0, new ServerLoginException("not used") { Unfit = Primary with { IsOneOfMany = true } }, 0));
        Assert.Equal(("abc", "bc", "abc"), (Names(writer), Names(reader, 249), Names(reader, 250)));
    }

    [Fact]
    public void What_breaks_off_behind_the_beginning_of_tls_may_be_one_pools_own()
    {
        var registry = new HostRegistry();
        var (one, other) = (Make(LoadBalanceHosts.Disable, TargetSessionAttrs.Any, registry), Make(LoadBalanceHosts.Disable, TargetSessionAttrs.Any, registry));
        for (int i = 0; i < 2; i++)
        {
            Assert.False(one.Failed(0, new ServerLoginException("the certificate is not trusted", new IOException()), 0));
            Assert.False(one.Failed(1, new ServerLoginException("the connection was closed", new IOException()) { IsBrokenOff = true }, 0));
        }

        Assert.False(other.IsDown(new ServerAddress("a", 1)));
        Assert.Equal("abc", Names(other, 0));

        // A connection that broke off is tried again soon, a certificate is not.
        Assert.Equal("c", Names(one, 999));
        Assert.Equal("bc", Names(one, 1000));
        Assert.Equal("abc", Names(one, 15_000));
    }

    [Fact]
    public void That_transactions_are_read_only_is_of_one_login_or_database()
    {
        var registry = new HostRegistry();
        var (one, other) = (Make(LoadBalanceHosts.Disable, TargetSessionAttrs.ReadWrite, registry), Make(LoadBalanceHosts.Disable, TargetSessionAttrs.ReadWrite, registry));
        var reader = Make(LoadBalanceHosts.Disable, TargetSessionAttrs.ReadOnly, registry);
        var a = new ServerAddress("a", 1);
        Assert.True(other.Answered(0, Primary, 0));
        Assert.True(one.Answered(0, Primary with { IsReadOnly = true }, 0));
        Assert.Equal((false, true, false), (one.IsUsable(a), other.IsUsable(a), reader.IsUsable(a)));

        // The other's answers change nothing, neither that it is so nor when the host is asked again.
        Assert.False(other.Answered(0, Primary, 200));
        Assert.False(one.IsUsable(a));
        Assert.Equal(("bc", "bca"), (Names(one, 249), Names(one, 250)));
        Assert.True(one.Answered(0, Primary, 250));
        Assert.True(one.IsUsable(a));

        // Who asks for read-only transactions has to ask a primary by itself.
        Assert.Equal("bca", Names(reader, 250));
        Assert.True(reader.Answered(0, Primary with { IsReadOnly = true }, 250));
        Assert.Equal((true, true), (reader.IsUsable(a), one.IsUsable(a)));
    }

    [Fact]
    public void What_one_pool_learns_of_a_host_holds_for_all()
    {
        var registry = new HostRegistry();
        var (one, other) = (Make(LoadBalanceHosts.Disable, TargetSessionAttrs.Any, registry), Make(LoadBalanceHosts.Disable, TargetSessionAttrs.Any, registry));
        Assert.False(one.Failed(0, Broken, 0));
        Assert.Equal("bc", Names(other, 10));
        Assert.True(other.Failed(0, Broken, 200));
        Assert.True(one.IsDown(new ServerAddress("a", 1)));
    }

    [Theory]
    [InlineData(TargetSessionAttrs.Any, true, true)]
    [InlineData(TargetSessionAttrs.ReadWrite, true, false)]
    [InlineData(TargetSessionAttrs.ReadOnly, false, true)]
    [InlineData(TargetSessionAttrs.Primary, true, false)]
    [InlineData(TargetSessionAttrs.Standby, false, true)]
    [InlineData(TargetSessionAttrs.PreferStandby, true, true)]
    public void A_host_fits_what_is_asked_for(TargetSessionAttrs demand, bool primary, bool standby)
    {
        Assert.Equal((primary, standby), (Primary.Fits(demand), Standby.Fits(demand)));

        // A primary whose transactions are read-only.
        Assert.Equal(demand is not (TargetSessionAttrs.ReadWrite or TargetSessionAttrs.Standby), (Primary with { IsReadOnly = true }).Fits(demand));
    }

    private static ServerLoginException Broken => new("connection refused", new IOException()) { IsUnanswered = true, IsBrokenOff = true };

    private static string Names(PoolHosts hosts, long now = 0) => string.Concat(hosts.Order(now).Select(candidate => candidate.Target.Host));

    private static PoolHosts Make(LoadBalanceHosts balance, TargetSessionAttrs demand, HostRegistry? registry = null)
    {
        ServerTarget[] targets =
        [
            .. new[] { "a", "b", "c" }.Select(host => new ServerTarget
            {
                DatabaseName = "app", Host = host, Port = 1, Dbname = "app", User = "pp", Signature = "", Demand = demand, AsksNature = true,
            }),
        ];
        return new PoolHosts(
            new PoolConfig
            {
                Mode = PoolMode.Transaction, Isolation = IsolationLevel.None, Target = targets[0], Targets = targets, LoadBalanceHosts = balance, ServerLoginRetry = TimeSpan.FromSeconds(15),
            },
            registry ?? new HostRegistry());
    }
}
