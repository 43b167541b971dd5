using System.Diagnostics;
using System.Numerics;

namespace PoolProxy.Load.Measuring;

/// <summary>
/// How often something took how long: buckets of a thirty-second of their power of two, so that a percentile is at most 3 % off. Ticks of
/// <see cref="Stopwatch"/> go in, microseconds come out. Of one thread; adding allocates nothing.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 5;
    private const int SubCount = 1 << SubBits;

    private readonly long[] _counts = new long[64 * SubCount];

    /// <summary>How many were added.</summary>
    public long Count { get; private set; }

    /// <summary>Adds one.</summary>
    public void Add(long ticks)
    {
        _counts[Index(ticks)]++;
        Count++;
    }

    /// <summary>The time that this part of them did not exceed, in microseconds; 0 where there are none.</summary>
    /// <param name="part">0.5 for the median, 0.999 for p99.9.</param>
    public double Percentile(double part)
    {
        long rank = (long)Math.Ceiling(Count * part);
        long seen = 0;
        for (int index = 0; index < _counts.Length; index++)
        {
            seen += _counts[index];
            if (seen >= rank && seen > 0)
            {
                return Middle(index) * 1e6 / Stopwatch.Frequency;
            }
        }
        return 0;
    }

    private static int Index(long ticks)
    {
        ulong value = (ulong)Math.Max(ticks, 0);
        if (value < SubCount)
        {
            return (int)value;
        }
        int exponent = BitOperations.Log2(value) - SubBits;
        return (exponent + 1) * SubCount + (int)(value >> exponent) - SubCount;
    }

    private static double Middle(int index)
    {
        if (index < SubCount)
        {
            return index;
        }
        int exponent = (index / SubCount) - 1;
        double low = (double)((ulong)(SubCount + (index % SubCount)) << exponent);
        return low + (Math.Pow(2, exponent) / 2);
    }
}
