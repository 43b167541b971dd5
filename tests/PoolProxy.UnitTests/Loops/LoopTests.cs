using PoolProxy.Core.Loops;
using PoolProxy.Testing.Loops;
using Xunit;

namespace PoolProxy.UnitTests.Loops;

public sealed class LoopTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly LoopThread _thread;

    public LoopTests() => _thread = new LoopThread(_time);

    private Loop Loop => _thread.Loop;

    [Fact]
    public void A_storm_of_posts_from_many_threads_arrives_whole_and_in_each_threads_order()
    {
        const int Threads = 4;
        const int Each = 50_000;
        var last = new int[Threads];
        var count = 0;
        var isOrdered = true;
        var posters = Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            for (var i = 1; i <= Each; i++)
            {
                Loop.Post(
                    item =>
                    {
                        var (from, number) = ((int, int))item!;
                        isOrdered &= last[from] + 1 == number;
                        last[from] = number;
                        count++;
                    },
                    (thread, i));
            }
        })).ToList();
        posters.ForEach(poster => poster.Start());
        posters.ForEach(poster => poster.Join());

        _thread.WaitUntil(() => count == Threads * Each);

        Assert.True(_thread.Do(() => isOrdered));
    }

    [Fact]
    public void Deferred_work_runs_at_the_end_of_the_turn_and_what_it_defers_in_the_next()
    {
        var turns = new List<long>();
        _thread.Do(() =>
        {
            turns.Add(Loop.TurnNumber);
            Loop.Defer(
                _ =>
                {
                    turns.Add(Loop.TurnNumber);
                    Loop.Defer(_ => turns.Add(Loop.TurnNumber), null);
                },
                null);
        });

        _thread.WaitUntil(() => turns.Count == 3);

        Assert.Equal([turns[0], turns[0], turns[0] + 1], turns);
    }

    [Fact]
    public async Task A_sleeping_loop_meets_a_deadline_of_the_real_clock()
    {
        using var real = new LoopThread();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var timer = new CallbackTimer((_, _) => done.SetResult(), null);

        real.Do(() => real.Loop.Timers.Arm(timer, real.Loop.NowMilliseconds + 30));

        await done.Task.WaitAsync(LoopThread.Deadline);
    }

    [Fact]
    public void Time_moves_between_turns_only()
    {
        var (before, after) = _thread.Do(() =>
        {
            var first = Loop.NowMilliseconds;
            _time.Advance(1000);
            return (first, Loop.NowMilliseconds);
        });

        Assert.Equal(before, after);
        Assert.Equal(before + 1000, _thread.Do(() => Loop.NowMilliseconds));
    }

    [Fact]
    public async Task Cold_code_comes_back_to_its_loop_after_work_elsewhere()
    {
        var (isBack, wasAway) = await _thread.RunAsync(async () =>
        {
            var away = await Task.Run(() => !Loop.IsCurrent);
            var back = Loop.IsCurrent;
            await Task.Yield();
            return (back && Loop.IsCurrent, away);
        });

        Assert.True(isBack);
        Assert.True(wasAway);
    }

    [Fact]
    public async Task The_synchronization_context_is_set_for_cold_code_only()
    {
        SynchronizationContext? inside = null;
        SynchronizationContext? continued = null;
        await _thread.RunAsync(async () =>
        {
            inside = SynchronizationContext.Current;
            await Task.Run(static () => { });
            continued = SynchronizationContext.Current;
        });

        Assert.NotNull(inside);
        Assert.Same(inside, continued);
        Assert.Null(_thread.Do(() => SynchronizationContext.Current));
        Assert.Null(_thread.Do(() =>
        {
            Loop.Run(static _ => Task.CompletedTask, null);
            return SynchronizationContext.Current;
        }));
    }

    [Fact]
    public void Exceptions_that_escape_are_logged_and_counted_and_the_loop_goes_on()
    {
        Loop.Post(static _ => throw new InvalidOperationException("posted"), null);
        Loop.Post(loop => ((Loop)loop!).Run(static _ => throw new InvalidOperationException("at once"), null), Loop);
        Loop.Post(
            loop => ((Loop)loop!).Run(
                static async _ =>
                {
                    await Task.Yield();
                    throw new InvalidOperationException("later");
                },
                null),
            Loop);

        _thread.WaitUntil(() => Loop.FaultCount == 3);

        Assert.Equal(["at once", "later", "posted"], _thread.Logger.Entries.Select(entry => entry.Exception!.Message).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_stopped_loop_drops_what_is_posted_and_stops_once_more_without_harm()
    {
        Loop.Stop();
        Loop.Post(static _ => throw new InvalidOperationException("never"), null);
        Loop.Stop();

        Assert.Equal(0, Loop.FaultCount);
    }

    [Fact]
    public void Rationed_work_is_spread_over_turns_in_the_order_it_came()
    {
        var done = new List<(int Number, long Turn)>();
        _thread.Do(() =>
        {
            var queue = new TurnQueue(Loop, perTurn: 2);
            for (var i = 0; i < 7; i++)
            {
                var number = i;
                if (queue.TryEnter())
                {
                    done.Add((number, Loop.TurnNumber));
                }
                else
                {
                    queue.Enqueue(_ => done.Add((number, Loop.TurnNumber)), null);
                }
            }
        });

        _thread.WaitUntil(() => done.Count == 7);

        Assert.Equal(Enumerable.Range(0, 7), done.Select(item => item.Number));
        Assert.All(done.GroupBy(item => item.Turn), turn => Assert.InRange(turn.Count(), 1, 2));
    }

    public void Dispose() => _thread.Dispose();
}
