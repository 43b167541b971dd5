namespace PoolProxy.Core.Authentication.Outside;

/// <summary>
/// Runs calls that block, into libraries that know no other way and have no time of their own, on threads kept for them: loops and the thread pool must not wait for a
/// directory. At most so many at a time, and so many waiting; one more is refused. A thread whose call never returns is lost to the others until it does.
/// </summary>
/// <param name="name">The threads'.</param>
/// <param name="maxThreads">Calls at a time.</param>
/// <param name="maxWaiting">Calls that wait.</param>
/// <param name="start">Starts a thread; null for the usual way.</param>
internal sealed class BlockingCalls(string name, int maxThreads, int maxWaiting, Action<Thread>? start = null)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiting> _waiting = new();
    private int _threads;

    /// <summary>What <paramref name="call"/> answers or throws, some time; null where there is no room for it, or the system gives no thread: then it never runs.</summary>
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

                _waiting.AddLast(new Waiting(done.Task, Run, () => done.TrySetCanceled()));
                return done.Task;
            }

            // Within the lock: who waits, waits for threads that there are.
            if (!TryStart(Run))
            {
                return null;
            }

            _threads++;
            return done.Task;
        }
    }

    /// <summary>Nobody wants the answer any more: a call that still waits gives its place up and never runs, and its task is cancelled. One that has begun goes on.</summary>
    /// <param name="asked">What <see cref="TryRun"/> returned.</param>
    public void Abandon(Task asked)
    {
        Waiting? found = null;
        lock (_lock)
        {
            for (var node = _waiting.First; node is not null; node = node.Next)
            {
                if (node.Value.Task == asked)
                {
                    found = node.Value;
                    _waiting.Remove(node);
                    break;
                }
            }
        }

        found?.Cancel();
    }

    private bool TryStart(Action call)
    {
        try
        {
            var thread = new Thread(() => Work(call)) { IsBackground = true, Name = name };
            if (start is null)
            {
                thread.Start();
            }
            else
            {
                start(thread);
            }

            return true;
        }
        catch (Exception failure) when (failure is OutOfMemoryException or ThreadStartException)
        {
            // The system has no thread to give.
            return false;
        }
    }

    private void Work(Action first)
    {
        var call = first;
        while (call is not null)
        {
            call();
            lock (_lock)
            {
                call = _waiting.First?.Value.Run;
                if (call is null)
                {
                    _threads--;
                }
                else
                {
                    _waiting.RemoveFirst();
                }
            }
        }
    }

    private sealed record Waiting(Task Task, Action Run, Action Cancel);
}
