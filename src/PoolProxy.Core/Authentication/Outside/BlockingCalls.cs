namespace PoolProxy.Core.Authentication.Outside;

/// <summary>
/// Runs calls that block, into libraries that know no other way and have no time of their own, on threads kept for them: loops and the thread pool must not wait for a
/// directory. At most so many at a time, and so many waiting; one more is refused. A thread whose call never returns is lost to the others until it does.
/// </summary>
/// <param name="name">The threads'.</param>
/// <param name="maxThreads">Calls at a time.</param>
/// <param name="maxWaiting">Calls that wait.</param>
internal sealed class BlockingCalls(string name, int maxThreads, int maxWaiting)
{
    private readonly Lock _lock = new();
    private readonly Queue<Action> _waiting = new();
    private int _threads;

    /// <summary>What <paramref name="call"/> answers or throws, some time; null where there is no room for it.</summary>
    public Task<T>? TryRun<T>(Func<T> call)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Run()
        {
            try
            {
                done.SetResult(call());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        }

        lock (_lock)
        {
            if (_threads == maxThreads)
            {
                if (_waiting.Count >= maxWaiting)
                {
                    return null;
                }

                _waiting.Enqueue(Run);
                return done.Task;
            }

            _threads++;
        }

        new Thread(() => Work(Run)) { IsBackground = true, Name = name }.Start();
        return done.Task;
    }

    private void Work(Action? call)
    {
        while (call is not null)
        {
            call();
            lock (_lock)
            {
                if (!_waiting.TryDequeue(out call))
                {
                    _threads--;
                }
            }
        }
    }
}
