using System.Globalization;

namespace PoolProxy.Load.Measuring;

/// <summary>
/// The processor time of a whole PostgreSQL: the postmaster, its children, and the children it has collected. A connection that ends takes its time
/// from the second sum to the third, which counts in hundredths of a second.
/// </summary>
internal static class ServerClock
{
    private const long NanosecondsATick = 10_000_000;

    /// <summary>Nanoseconds so far.</summary>
    public static long Read(int postmasterId)
    {
        string children = File.ReadAllText($"/proc/{postmasterId}/task/{postmasterId}/children");
        long sum = ProcessClock.Read(postmasterId) ?? throw new BenchException("PostgreSQL has ended");
        foreach (string child in children.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            sum += ProcessClock.Read(int.Parse(child, CultureInfo.InvariantCulture)) ?? 0;
        }
        string stat = File.ReadAllText($"/proc/{postmasterId}/stat");
        // From the third field on, proc_pid_stat(5): cutime is the 16th, cstime the 17th.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long collected = long.Parse(fields[13], CultureInfo.InvariantCulture) + long.Parse(fields[14], CultureInfo.InvariantCulture);
        return sum + (collected * NanosecondsATick);
    }
}
