using PoolProxy.Load.Driver;

namespace PoolProxy.Load.Measuring;

/// <summary>
/// The processor time of another process, threads that have ended and kernel work on its behalf included, in nanoseconds: the kernel's own clock of the
/// process (clock_getcpuclockid(3)), which utime + stime of <c>/proc/PID/stat</c> are rounded from.
/// </summary>
internal static unsafe class ProcessClock
{
    /// <summary>Nanoseconds so far; null where there is no such process.</summary>
    public static long? Read(int processId)
    {
        // CPUCLOCK_SCHED of a whole process: the inverted id, shifted by the three bits of the clock's kind.
        int clock = (~processId << 3) | 2;
        long* time = stackalloc long[2];
        return LibC.ClockGetTime(clock, time) == 0 ? (time[0] * 1_000_000_000) + time[1] : null;
    }
}
