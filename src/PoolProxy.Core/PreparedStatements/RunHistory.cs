using System.Security.Cryptography;

namespace PoolProxy.Core.PreparedStatements;

/// <summary>
/// How the texts that came by have run: how often, how long, and whether they changed what they must not. It tells which may be sent behind
/// one another (isolation.md §9). Remembers <see cref="Capacity"/> of them by number, each in the one place that its number names; a newcomer takes the
/// place of another. It is a guess, as any forecast: two texts with one number share their past. Owned by one loop.
/// </summary>
internal sealed class RunHistory
{
    /// <summary>How many texts are remembered; a power of two.</summary>
    public const int Capacity = 4096;

    /// <summary>How often a text must have run before it is relied on.</summary>
    public const int EnoughRuns = 3;

    /// <summary>A run counts for no more than this: a text that once waited for a lock comes back after some short runs.</summary>
    private const int LongestMilliseconds = 1_000;

    private const int Fraction = 256;

    /// <summary>
    /// One run is so much of the mean. The time of a run is that between two looks at the clock, and on a busy machine one in many is a turn of the loop long,
    /// or the time that the server waited for a processor: that alone must not make a text a long one.
    /// </summary>
    private const int Weight = 16;

    private const int Spoiled = -1;

    private readonly Entry[] _entries = new Entry[Capacity];

    /// <summary>Another one for each table, so that nobody outside knows which texts share a place.</summary>
    public int Seed { get; } = RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <summary>Whether the text has run often enough, of late in up to so many milliseconds on average, and without a trace.</summary>
    public bool IsShort(int number, long maxMilliseconds)
    {
        ref readonly var entry = ref _entries[number & (Capacity - 1)];
        return entry.Number == number && entry.Runs >= EnoughRuns && entry.Mean <= maxMilliseconds * Fraction;
    }

    /// <summary>
    /// Behind how many others a short text may go: as many as could run in that time, if they were like it. So what is nearly long
    /// goes behind one, and behind many goes only what is very short.
    /// </summary>
    public int MaxAhead(int number, long maxMilliseconds) => (int)(maxMilliseconds * Fraction / Math.Max(1, _entries[number & (Capacity - 1)].Mean));

    /// <summary>A run is over; <paramref name="isClean"/> where it left its session as it was. One that did not is never relied on again.</summary>
    public void Note(int number, long milliseconds, bool isClean)
    {
        ref var entry = ref _entries[number & (Capacity - 1)];
        if (entry.Number == number && entry.Runs == Spoiled)
        {
            return;
        }

        var time = (int)Math.Clamp(milliseconds, 0, LongestMilliseconds) * Fraction;
        if (entry.Number != number || entry.Runs == 0)
        {
            entry = new Entry { Number = number, Mean = time, Runs = 1 };
        }
        else
        {
            entry.Mean += (time - entry.Mean) / Weight;
            entry.Runs = Math.Min(entry.Runs + 1, EnoughRuns);
        }

        if (!isClean)
        {
            entry.Runs = Spoiled;
        }
    }

    private struct Entry
    {
        public int Number;

        /// <summary>A moving mean of milliseconds, times <see cref="Fraction"/>.</summary>
        public int Mean;

        /// <summary>Counted up to what is enough; 0 stands for nothing, and there is the mark of one that left a trace.</summary>
        public int Runs;
    }
}
