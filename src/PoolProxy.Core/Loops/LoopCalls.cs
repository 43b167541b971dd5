namespace PoolProxy.Core.Loops;

/// <summary>
/// Questions to a loop from elsewhere: it is asked by a message, and the answer is awaited. For cold code: whoever awaits on a loop goes on
/// there. Never answered by a loop that has been stopped.
/// </summary>
internal static class LoopCalls
{
    /// <summary>Runs it on the loop; an exception comes back to who asked. Any thread.</summary>
    public static Task<T> AskAsync<T>(this Loop loop, Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(
            static state =>
            {
                var (ask, result) = ((Func<T>, TaskCompletionSource<T>))state!;
                try
                {
                    result.SetResult(ask());
                }
                catch (Exception failure)
                {
                    result.SetException(failure);
                }
            },
            (question, answer));
        return answer.Task;
    }

    /// <summary>Runs it on the loop. Any thread.</summary>
    public static Task CallAsync(this Loop loop, Action action) => loop.AskAsync(() =>
    {
        action();
        return true;
    });

    /// <summary>Runs a cold asynchronous method on the loop, to its end. Any thread.</summary>
    public static Task RunAsync(this Loop loop, Func<Task> method)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(
            static state =>
            {
                var (loop, run, result) = ((Loop, Func<Task>, TaskCompletionSource))state!;
                loop.Run(_ => CompleteAsync(run, result), null);
            },
            (loop, method, ended));
        return ended.Task;
    }

    private static async Task CompleteAsync(Func<Task> method, TaskCompletionSource ended)
    {
        try
        {
            await method();
            ended.SetResult();
        }
        catch (Exception failure)
        {
            ended.SetException(failure);
        }
    }
}
