using PoolProxy.Core.Authentication.Limits;
using PoolProxy.Testing;
using PoolProxy.UnitTests.Identity;
using Xunit;

namespace PoolProxy.UnitTests.Limits;

public sealed class LoginTableTests
{
    private static readonly ScopeLimits Failures = ScopeLimits.None with
    {
        Failures = 3, FirstBan = TimeSpan.FromSeconds(1), LongestBan = TimeSpan.FromSeconds(5), Memory = TimeSpan.FromSeconds(60),
    };

    private readonly ManualTime _time = new();

    [Fact]
    public void As_many_begin_in_a_second_as_the_limit_says_and_then_one_for_each_share_of_it()
    {
        var table = new LoginTable(ScopeLimits.None with { PerSecond = 4 }, _time);
        Assert.Equal(4, Enumerable.Range(0, 10).Count(_ => Enter(table, 1) == LimitVerdict.Admitted));
        Assert.Equal(LimitVerdict.TooFast, Enter(table, 1));
        Assert.Equal(LimitVerdict.Admitted, Enter(table, 2));

        _time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal(LimitVerdict.Admitted, Enter(table, 1));
        Assert.Equal(LimitVerdict.TooFast, Enter(table, 1));

        // Rest is not saved up.
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(4, Enumerable.Range(0, 10).Count(_ => Enter(table, 1) == LimitVerdict.Admitted));
    }

    [Fact]
    public void As_many_are_under_way_as_the_limit_says_until_one_is_over()
    {
        var table = new LoginTable(ScopeLimits.None with { AtOnce = 2 }, _time);
        Assert.Equal(LimitVerdict.Admitted, Enter(table, 1));
        Assert.Equal(LimitVerdict.Admitted, Enter(table, 1));
        Assert.Equal(LimitVerdict.TooMany, Enter(table, 1));
        Assert.Equal(LimitVerdict.Admitted, Enter(table, 2));

        table.Leave(1);
        Assert.Equal(LimitVerdict.Admitted, Enter(table, 1));
        Assert.Equal(LimitVerdict.TooMany, Enter(table, 1));
    }

    [Fact]
    public void The_failure_beyond_the_forgiven_ones_bans_and_each_ban_lasts_twice_as_long_up_to_the_bound()
    {
        var table = new LoginTable(Failures, _time);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(TimeSpan.Zero, Fail(table, 1));
            Assert.Equal(LimitVerdict.Admitted, Enter(table, 1));
        }

        foreach (var seconds in (int[])[1, 2, 4, 5, 5])
        {
            Assert.Equal(TimeSpan.FromSeconds(seconds), Fail(table, 1));
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.Equal(LimitVerdict.Banned, Enter(table, 1));
            _time.Advance(TimeSpan.FromTicks(1));
            Assert.Equal(LimitVerdict.Admitted, Enter(table, 1));
        }

        Assert.Equal(LimitVerdict.Admitted, Enter(table, 2));
    }

    [Fact]
    public void Failures_that_were_under_way_when_a_ban_began_do_not_make_it_longer()
    {
        var table = new LoginTable(Failures, _time);
        for (var i = 0; i < 50; i++)
        {
            Fail(table, 1);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(LimitVerdict.Admitted, Enter(table, 1));
        Assert.Equal(TimeSpan.FromSeconds(2), Fail(table, 1));
    }

    [Fact]
    public void A_failure_now_and_then_never_bans()
    {
        var table = new LoginTable(Failures, _time);
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal(TimeSpan.Zero, Fail(table, 1));
            _time.Advance(TimeSpan.FromSeconds(20));
        }
    }

    [Fact]
    public void After_a_long_quiet_behind_a_ban_the_next_one_is_a_first_one()
    {
        var table = new LoginTable(Failures, _time);
        for (var i = 0; i < 4; i++)
        {
            Fail(table, 1);
        }

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(2), Fail(table, 1));
        _time.Advance(TimeSpan.FromSeconds(2) + Failures.Memory);
        Assert.Empty(table.Bans(LimitScope.Address));
        Assert.Equal(TimeSpan.Zero, Fail(table, 1));
        Fail(table, 1);
        Fail(table, 1);
        Assert.Equal(TimeSpan.FromSeconds(1), Fail(table, 1));
    }

    [Fact]
    public void Bans_are_shown_with_what_they_turned_away_and_can_be_lifted_by_name()
    {
        var table = new LoginTable(Failures, _time);
        for (var i = 0; i < 4; i++)
        {
            table.Fail(1, () => "one");
            table.Fail(2, () => "two");
        }

        Enter(table, 1);
        Enter(table, 1);
        Assert.Equal(
            [("one", 4, 1, 1.0, 2L), ("two", 4, 1, 1.0, 0L)],
            table.Bans(LimitScope.Address).OrderBy(ban => ban.Name, StringComparer.Ordinal).Select(ban => (ban.Name, ban.FailureCount, ban.BanCount, ban.Left.TotalSeconds, ban.RefusedCount)));

        Assert.Equal(1, table.Unban("one"));
        Assert.Equal(LimitVerdict.Admitted, Enter(table, 1));
        Assert.Equal(LimitVerdict.Banned, Enter(table, 2));
        Assert.Equal(TimeSpan.Zero, Fail(table, 1));
        Assert.Equal(1, table.Unban(null));
        Assert.Equal(LimitVerdict.Admitted, Enter(table, 2));
        Assert.Equal(0, table.Unban("nobody"));
    }

    [Fact]
    public void Ten_times_as_many_as_fit_push_out_one_another_and_neither_a_ban_nor_a_login_under_way()
    {
        var table = new LoginTable(Failures with { AtOnce = 1 }, _time);
        for (var i = 0; i < 4; i++)
        {
            Fail(table, UInt128.MaxValue);
        }

        Assert.Equal(LimitVerdict.Admitted, Enter(table, UInt128.MaxValue - 1));
        for (UInt128 key = 0; key < 10 * LoginTable.Capacity; key++)
        {
            Fail(table, key);
        }

        Assert.Equal(LimitVerdict.Banned, Enter(table, UInt128.MaxValue));
        Assert.Equal(LimitVerdict.TooMany, Enter(table, UInt128.MaxValue - 1));
    }

    [Fact]
    public void Where_nobody_can_be_pushed_out_a_newcomer_is_refused()
    {
        var table = new LoginTable(ScopeLimits.None with { AtOnce = 1 }, _time);
        var admitted = Enumerable.Range(0, 4 * LoginTable.Capacity).Count(key => Enter(table, (UInt128)key) == LimitVerdict.Admitted);
        Assert.Equal(LoginTable.Capacity, admitted);
    }

    [Fact]
    public void A_change_of_limits_leaves_bans_and_counts()
    {
        var table = new LoginTable(Failures with { AtOnce = 1 }, _time);
        for (var i = 0; i < 4; i++)
        {
            Fail(table, 1);
        }

        Enter(table, 2);
        table.Limits = Failures with { AtOnce = 2 };
        Assert.Equal(LimitVerdict.Banned, Enter(table, 1));
        Assert.Equal(LimitVerdict.Admitted, Enter(table, 2));
        Assert.Equal(LimitVerdict.TooMany, Enter(table, 2));

        table.Limits = ScopeLimits.None;
        Assert.Equal(LimitVerdict.Admitted, table.Enter(1, out var isHeld));
        Assert.False(isHeld);
        table.Leave(2);
        table.Leave(2);
    }

    [Fact]
    public void Nothing_is_allocated_once_the_table_is_there()
    {
        var table = new LoginTable(Failures with { PerSecond = 1000, AtOnce = 100 }, _time);
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (UInt128 key = 0; key < 1000; key++)
            {
                Enter(table, key);
                table.Leave(key);
            }
        }));
    }

    private static LimitVerdict Enter(LoginTable table, UInt128 key) => table.Enter(key, out _);

    private static TimeSpan Fail(LoginTable table, UInt128 key) => table.Fail(key, static () => "somebody");
}
