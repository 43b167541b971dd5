namespace PoolProxy.Testing;

/// <summary>Counts what code takes from the managed heap.</summary>
public static class Allocations
{
    private const int Tries = 5;

    /// <summary>
    /// The bytes that <paramref name="work"/> takes on this thread once it is warm: the least of five times, because the runtime itself may allocate
    /// on a thread whose method it is just replacing by a better compiled one.
    /// </summary>
    public static long Of(Action work)
    {
        work();
        var least = long.MaxValue;
        for (var i = 0; i < Tries && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
