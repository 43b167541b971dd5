using PoolProxy.Core.Authentication.Outside;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

/// <summary>Calls that block: some at a time, some waiting, no more.</summary>
public sealed class BlockingCallsTests
{
    [Fact]
    public async Task One_more_than_there_is_room_for_is_refused_and_the_waiting_follow_in_order()
    {
        var calls = new BlockingCalls("test", maxThreads: 2, maxWaiting: 2);
        using var gate = new SemaphoreSlim(0);
        var order = new List<int>();
        int Wait(int number)
        {
            Assert.True(gate.Wait(TimeSpan.FromSeconds(30)));
            lock (order)
            {
                order.Add(number);
            }

            return number;
        }

        Task<int>[] asked = [.. Enumerable.Range(0, 4).Select(number => calls.TryRun(() => Wait(number))!)];
        Assert.Null(calls.TryRun(() => Wait(4)));
        gate.Release(4);
        int[] answers = await Task.WhenAll(asked);
        Assert.Equal([0, 1, 2, 3], answers);

        // The threads are gone, and come again.
        gate.Release();
        Assert.Equal(5, await calls.TryRun(() => Wait(5))!);
        Assert.Equal(5, order[^1]);
    }

    [Fact]
    public async Task What_a_call_throws_is_its_callers_and_the_next_goes_on()
    {
        var calls = new BlockingCalls("test", maxThreads: 1, maxWaiting: 1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => calls.TryRun<int>(() => throw new InvalidOperationException("no"))!);
        Assert.Equal(1, await calls.TryRun(() => 1)!);
    }

    [Fact]
    public async Task What_waits_and_is_abandoned_gives_its_place_up_and_never_runs_and_what_has_begun_goes_on()
    {
        var calls = new BlockingCalls("test", maxThreads: 1, maxWaiting: 1);
        using var gate = new SemaphoreSlim(0);
        var hasRun = false;
        Task<bool> begun = calls.TryRun(() => gate.Wait(TimeSpan.FromSeconds(30)))!;
        Task<bool> waiting = calls.TryRun(() => hasRun = true)!;
        Assert.Null(calls.TryRun(() => 1));
        calls.Abandon(waiting);
        calls.Abandon(begun);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Task<int> next = calls.TryRun(() => 2)!;
        gate.Release();
        Assert.True(await begun);
        Assert.Equal(2, await next);
        Assert.False(hasRun);
    }

    [Fact]
    public async Task Where_the_system_gives_no_thread_there_is_no_room_and_later_there_is()
    {
        var hasThreads = false;
        var calls = new BlockingCalls("test", maxThreads: 1, maxWaiting: 1, thread => (hasThreads ? (Action)thread.Start : throw new InsufficientMemoryException())());
        Assert.Null(calls.TryRun(() => 1));
        Assert.Null(calls.TryRun(() => 1));
        hasThreads = true;
        Assert.Equal(1, await calls.TryRun(() => 1)!);
    }
}
