using PoolProxy.Core.Loops;

namespace PoolProxy.Testing.Loops;

/// <summary>A running loop with ways in for a test's own thread. What a test waits for has a deadline of thirty seconds.</summary>
internal sealed class LoopThread : IDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public LoopThread(TimeProvider? time = null, int index = 0, TestEngine engine = TestEngine.Epoll)
        : this(time, index, engine.Factory())
    {
    }

    public LoopThread(TimeProvider? time, int index, Func<Loop, ILoopEngine> createEngine)
    {
        Loop = new Loop(index, time ?? TimeProvider.System, Logger, createEngine);
        Loop.Start();
    }

    public RecordingLogger Logger { get; } = new();

    public Loop Loop { get; }

    /// <summary>Runs it on the loop and waits for its result.</summary>
    public T Do<T>(Func<T> function)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Loop.Post(
            _ =>
            {
                try
                {
                    completion.SetResult(function());
                }
                catch (Exception exception)
                {
                    completion.SetException(exception);
                }
            },
            null);
        return completion.Task.WaitAsync(Deadline).GetAwaiter().GetResult();
    }

    public void Do(Action action) => Do(() =>
    {
        action();
        return 0;
    });

    /// <summary>Runs an asynchronous method as cold code and waits for its result.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> method)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Loop.Post(
            _ => Loop.Run(
                async _ =>
                {
                    try
                    {
                        completion.SetResult(await method());
                    }
                    catch (Exception exception)
                    {
                        completion.SetException(exception);
                    }
                },
                null),
            null);
        return await completion.Task.WaitAsync(Deadline);
    }

    public Task RunAsync(Func<Task> method) => RunAsync(async () =>
    {
        await method();
        return 0;
    });

    /// <summary>Lets the loop take turns until the condition, looked at on the loop, holds.</summary>
    public void WaitUntil(Func<bool> condition)
    {
        var end = Environment.TickCount64 + (long)Deadline.TotalMilliseconds;
        while (!Do(condition))
        {
            if (Environment.TickCount64 > end)
            {
                throw new TimeoutException("The condition did not come to hold.");
            }

            _ = Thread.Yield();
        }
    }

    public void Dispose() => Loop.Stop();
}
