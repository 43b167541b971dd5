namespace PoolProxy.Core.Authentication.Methods;

/// <summary>
/// PBKDF2 for clients that have proven nothing yet: on workers, but never on so many at once that nobody else gets one. The others wait in line; there are no more of them than
/// logins under way. One for the process, as the workers are. Any thread.
/// </summary>
internal static class PasswordSums
{
    private static readonly SemaphoreSlim Room = new(MaxAtOnce);

    /// <summary>One worker is left for everything else, where there is more than one.</summary>
    private static int MaxAtOnce => Math.Max(1, Environment.ProcessorCount - 1);

    /// <summary>Does a sum when its turn comes.</summary>
    public static async Task<T> RunAsync<T>(Func<T> sum)
    {
        // Not by way of the caller's loop: one that ends would keep its place for ever.
        await Room.WaitAsync().ConfigureAwait(false);
        try
        {
            return await Task.Run(sum).ConfigureAwait(false);
        }
        finally
        {
            Room.Release();
        }
    }
}
