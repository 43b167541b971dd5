using System.Runtime.InteropServices;

namespace PoolProxy.Core.Loops.Native;

/// <summary>
/// Keeps what the process has in memory (tokens on their way, keys, clients' data) out of files: no core dump when it crashes, and no debugger of the same account. The limit
/// alone would not do: where core_pattern is a pipe, as with systemd, the kernel does not ask it.
/// </summary>
internal static unsafe partial class CoreDumps
{
    private const int RLIMIT_CORE = 4;
    private const int PR_GET_DUMPABLE = 3;
    private const int PR_SET_DUMPABLE = 4;

    /// <summary>Whether the process may be dumped.</summary>
    public static bool IsAllowed => prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0;

    /// <summary>Turns them off for good. Answers the errno of the call that failed; 0 for none.</summary>
    public static int TurnOff()
    {
        var none = default(Limit);
        return setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setrlimit(int resource, Limit* limit);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint first, nuint second, nuint third, nuint fourth);

    // struct rlimit: the one in force, and how far it may be raised.
    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public nuint Current;
        public nuint Highest;
    }
}
