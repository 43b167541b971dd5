using System.Globalization;

namespace PoolProxy.Load.Measuring;

/// <summary>What a process has used by now.</summary>
/// <param name="CpuNanoseconds">User and system time.</param>
/// <param name="ContextSwitches">Of all threads that live, voluntary and not.</param>
/// <param name="RssBytes">Resident memory.</param>
internal readonly record struct ProcessSample(long CpuNanoseconds, long ContextSwitches, long RssBytes)
{
    /// <summary>Reads it now.</summary>
    /// <exception cref="BenchException">The process is gone.</exception>
    public static ProcessSample Read(int processId)
    {
        try
        {
            long switches = 0;
            foreach (string thread in Directory.EnumerateDirectories($"/proc/{processId}/task"))
            {
                switches += Sum(Path.Combine(thread, "status"), "voluntary_ctxt_switches", "nonvoluntary_ctxt_switches");
            }
            long rss = Sum($"/proc/{processId}/status", "VmRSS") * 1024;
            return new ProcessSample(ProcessClock.Read(processId) ?? throw Gone(processId), switches, rss);
        }
        catch (IOException)
        {
            throw Gone(processId);
        }
    }

    private static BenchException Gone(int processId) => new($"process {processId} has ended");

    private static long Sum(string file, params ReadOnlySpan<string> names)
    {
        long sum = 0;
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (IOException) when (file.Contains("/task/", StringComparison.Ordinal))
        {
            // A thread that ended since the folder was listed: a worker of the runtime's pool.
            return 0;
        }
        foreach (string line in lines)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && names.Contains(line[..colon]))
            {
                string digits = new(line[(colon + 1)..].Where(char.IsAsciiDigit).ToArray());
                sum += long.Parse(digits, CultureInfo.InvariantCulture);
            }
        }
        return sum;
    }
}
