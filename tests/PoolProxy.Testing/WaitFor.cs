using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace PoolProxy.Testing;

/// <summary>Waits for conditions, with a deadline, instead of sleeping.</summary>
public static class WaitFor
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Asks until the answer is true.</summary>
    /// <exception cref="TimeoutException">It never became true; the message holds the condition's source text.</exception>
    public static Task TrueAsync(Func<bool> condition, TimeSpan? deadline = null, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        TrueAsync(() => Task.FromResult(condition()), deadline, what);

    /// <summary>Asks until the answer is true.</summary>
    /// <exception cref="TimeoutException">It never became true; the message holds the condition's source text.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan? deadline = null, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        TimeSpan limit = deadline ?? Deadlines.Step;
        long started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException($"not within {limit.TotalSeconds} s: {what}");
            }
            await Task.Delay(Pause);
        }
    }

    /// <summary>Asks until the answer equals <paramref name="expected"/>.</summary>
    /// <exception cref="TimeoutException">It never did; the message holds the last answer.</exception>
    public static async Task EqualAsync<T>(T expected, Func<Task<T>> question, TimeSpan? deadline = null, [CallerArgumentExpression(nameof(question))] string what = "")
    {
        TimeSpan limit = deadline ?? Deadlines.Step;
        long started = Stopwatch.GetTimestamp();
        T actual;
        while (!EqualityComparer<T>.Default.Equals(expected, actual = await question()))
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new TimeoutException($"not within {limit.TotalSeconds} s: {what} is {actual}, not {expected}");
            }
            await Task.Delay(Pause);
        }
    }
}
