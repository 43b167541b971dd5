using PoolProxy.Core.PreparedStatements;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.PreparedStatements;

/// <summary>Which texts are relied on to be short.</summary>
public sealed class RunHistoryTests
{
    private const int Text = 12345;
    private const int Max = 10;

    private readonly RunHistory _history = new();

    [Fact]
    public void Three_short_runs_are_enough_and_two_are_not()
    {
        Assert.False(_history.IsShort(Text, Max));
        Run(2, 1);
        Assert.False(_history.IsShort(Text, Max));
        Run(1, 1);
        Assert.True(_history.IsShort(Text, Max));
    }

    [Fact]
    public void A_long_text_is_not_short_however_often_it_ran()
    {
        Run(100, 50);
        Assert.False(_history.IsShort(Text, Max));
    }

    [Fact]
    public void One_that_was_held_up_comes_back_after_some_short_runs()
    {
        Run(10, 1);
        Run(1, 60_000);
        Assert.False(_history.IsShort(Text, Max));
        Run(50, 1);
        Assert.True(_history.IsShort(Text, Max));
    }

    [Fact]
    public void One_that_left_a_trace_never_comes_back()
    {
        Run(10, 1);
        _history.Note(Text, 1, isClean: false);
        Run(100, 1);
        Assert.False(_history.IsShort(Text, Max));
    }

    [Fact]
    public void The_longer_it_runs_the_fewer_it_goes_behind()
    {
        Run(10, 0);
        Assert.True(_history.MaxAhead(Text, Max) >= 16);
        Run(100, 5);
        Assert.Equal(2, _history.MaxAhead(Text, Max));
        Run(100, 9);
        Assert.Equal(1, _history.MaxAhead(Text, Max));
        Run(100, 30);
        Assert.Equal(0, _history.MaxAhead(Text, Max));
    }

    [Fact]
    public void One_long_run_among_many_short_ones_is_not_held_against_it()
    {
        for (int i = 0; i < 50; i++)
        {
            Run(15, 0);
            Run(1, 12);
            Assert.True(_history.MaxAhead(Text, Max) >= 8);
        }
    }

    [Fact]
    public void A_text_in_the_same_place_takes_it_over()
    {
        Run(10, 1);
        _history.Note(Text + RunHistory.Capacity, 1, isClean: true);
        Assert.False(_history.IsShort(Text, Max));
        Assert.False(_history.IsShort(Text + RunHistory.Capacity, Max));
    }

    [Fact]
    public void Noting_allocates_nothing()
    {
        Assert.Equal(0, Allocations.Of(() => Run(10_000, 1)));
    }

    private void Run(int times, long milliseconds)
    {
        for (int i = 0; i < times; i++)
        {
            _history.Note(Text, milliseconds, isClean: true);
        }
    }
}
