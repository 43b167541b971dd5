using PoolProxy.Core.Pooling;
using Xunit;

namespace PoolProxy.UnitTests.Pooling;

/// <summary>How many servers a pool that pipelines comes to, for machines that are modelled by what a transaction takes with so many servers.</summary>
public sealed class PoolWidthTests
{
    private const int Most = 20;

    private static readonly Func<int, double> FewCores = static servers => 1_000 * (1 + servers / 4.0);

    private static readonly Func<int, double> ManyCores = static servers => 20_000.0 / servers;

    private readonly PoolWidth _width = new();

    private WorkDone _done;
    private long _now = 1_000_000;
    private int _servers = PoolWidth.Beginning;

    [Fact]
    public void It_begins_with_a_few_servers() => Assert.Equal(PoolWidth.Beginning, _width.Servers);

    [Fact]
    public void It_grows_to_its_size_where_servers_run_side_by_side()
    {
        Run(100, ManyCores);

        Assert.True(_width.Servers >= Most * 3 / 4, $"{_width.Servers} servers");
    }

    [Fact]
    public void It_stays_narrow_where_servers_share_one_core()
    {
        Run(100, FewCores);

        Assert.True(_width.Servers <= 2, $"{_width.Servers} servers");
    }

    [Fact]
    public void It_narrows_again_once_more_servers_are_of_no_use()
    {
        Run(100, ManyCores);
        Run(700, FewCores);

        Assert.True(_width.Servers <= 2, $"{_width.Servers} servers");
    }

    [Fact]
    public void It_keeps_fewer_where_they_are_as_good()
    {
        Run(100, ManyCores);
        Run(1_300, static _ => 1_000);

        Assert.True(_width.Servers <= 2, $"{_width.Servers} servers");
    }

    [Fact]
    public void It_rarely_tries_what_was_of_no_use()
    {
        Run(1_000, FewCores);
        var trials = 0;
        for (var i = 0; i < 600; i++)
        {
            Run(1, FewCores);
            trials += _width.IsTrying ? 1 : 0;
        }

        Assert.True(trials <= 20, $"{trials} of 600 windows were spent on trials");
    }

    [Fact]
    public void It_makes_room_for_who_cannot_go_behind_others()
    {
        _width.MakeRoom(1, _now);
        _width.MakeRoom(PoolWidth.Beginning, _now);

        Assert.Equal(PoolWidth.Beginning + 1, _width.Servers);
    }

    [Fact]
    public void It_does_not_take_back_at_once_what_was_needed()
    {
        Run(60, FewCores);
        var narrowed = 0;
        var before = _width.Servers;
        for (var i = 0; i < 600; i++)
        {
            while (_width.Servers < 10)
            {
                _width.MakeRoom(_width.Servers, _now);
                _servers = _width.Servers;
            }

            before = _width.Servers;
            Run(1, FewCores);
            narrowed += _width.Servers < before ? 1 : 0;
        }

        Assert.True(narrowed <= 10, $"narrowed {narrowed} times within a minute");
    }

    [Fact]
    public void It_gives_servers_to_those_who_run_one_by_one()
    {
        for (var i = 0; i < 100; i++)
        {
            _now += PoolWidth.WindowMilliseconds;
            _done += new WorkDone(1_000, 10, 900, 100_000, 1_000_000);
            _servers = _width.Servers;
            _width.Observe(_done, _servers, 1, Most, _now);
        }

        Assert.Equal(Most, _width.Servers);
    }

    [Fact]
    public void It_stays_as_it_is_where_nearly_all_find_a_server_free()
    {
        for (var i = 0; i < 100; i++)
        {
            _now += PoolWidth.WindowMilliseconds;
            _done += new WorkDone(1_000, 50, 50, 100_000, 1_000_000);
            _width.Observe(_done, _width.Servers, 1, Most, _now);
        }

        Assert.Equal(PoolWidth.Beginning, _width.Servers);
    }

    [Fact]
    public void It_gives_servers_to_what_runs_rather_long()
    {
        for (var i = 0; i < 100; i++)
        {
            _now += PoolWidth.WindowMilliseconds;
            _done += new WorkDone(400, 350, 10, 2_000_000, 4_000_000);
            _servers = _width.Servers;
            _width.Observe(_done, _servers, 1, Most, _now);
        }

        Assert.Equal(Most, _width.Servers);
    }

    [Fact]
    public void It_learns_nothing_from_a_pool_at_rest()
    {
        for (var i = 0; i < 100; i++)
        {
            _now += 10 * PoolWidth.WindowMilliseconds;
            _done += new WorkDone(1_000, 900, 10, 100_000, 1_000_000);
            _width.Observe(_done, 1, 1, Most, _now);
        }

        Assert.Equal(PoolWidth.Beginning, _width.Servers);
        Assert.False(_width.IsTrying);
    }

    [Fact]
    public void It_widens_for_slow_statements_that_wait()
    {
        for (var i = 0; i < 300; i++)
        {
            _now += PoolWidth.WindowMilliseconds;
            _done += new WorkDone(10, 9, 1, 100_000, 1_000_000);
            _servers = _width.Servers;
            _width.Observe(_done, _servers, 1, Most, _now);
        }

        Assert.Equal(Most, _width.Servers);
    }

    [Fact]
    public void A_login_that_hangs_costs_the_others_nothing()
    {
        Run(100, ManyCores);
        var before = _width.Servers;
        for (var i = 0; i < 600; i++)
        {
            // Fewer are worse, and whatever is tried, no further server comes.
            _servers = Math.Min(before, _width.Servers);
            Step(ManyCores, 1, 2 * Most);
            Assert.True(_width.Servers >= before / 2, $"{_width.Servers} servers");
        }
    }

    [Fact]
    public void It_keeps_within_its_bounds()
    {
        for (var i = 0; i < 200; i++)
        {
            Step(ManyCores, least: 3, most: 5);
            Assert.InRange(_width.Servers, 3, 5);
        }

        for (var i = 0; i < 200; i++)
        {
            Step(FewCores, least: 3, most: 5);
            Assert.InRange(_width.Servers, 3, 5);
        }
    }

    private void Run(int windows, Func<int, double> cost)
    {
        for (var i = 0; i < windows; i++)
        {
            Step(cost, 1, Most);
        }
    }

    // Servers come and go at once; 64 clients do nothing but ask.
    private void Step(Func<int, double> cost, int least, int most)
    {
        _now += PoolWidth.WindowMilliseconds;
        var each = cost(_servers);
        var transactions = (long)(64 * PoolWidth.WindowMilliseconds * 1000 / each);
        _done += new WorkDone(transactions, transactions * 9 / 10, transactions / 10, transactions * 100, (long)(transactions * each));
        _width.Observe(_done, _servers, least, most, _now);
        _servers = _width.Servers;
    }
}
