using System.Runtime.InteropServices;

namespace PoolProxy.Core.Loops.Native;

/// <summary>The account that the process runs as. The C library changes it for all threads at once (nptl(7)), which the bare system calls would not.</summary>
internal static unsafe partial class AccountCalls
{
    /// <summary>What the process may do is decided by this number; 0 is root.</summary>
    public static uint EffectiveUser => geteuid();

    /// <summary>
    /// Becomes another account for good: its supplementary groups, its group, then the user, after which nothing can be taken back. Answers the errno of what
    /// failed; 0 for none.
    /// </summary>
    public static int Become(string name, uint user, uint group) =>
        initgroups(name, group) < 0 || setgid(group) < 0 || setuid(user) < 0 ? Libc.LastError : 0;

    /// <summary>User and group number of an account, by its name; null where there is none.</summary>
    public static (uint User, uint Group)? Find(string name)
    {
        // struct passwd: name and password (pointers), then the two numbers.
        var found = getpwnam(name);
        return found == 0 ? null : ((uint)Marshal.ReadInt32(found, 2 * nint.Size), (uint)Marshal.ReadInt32(found, (2 * nint.Size) + sizeof(int)));
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setuid(uint user);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setgid(uint group);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int initgroups(string user, uint group);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint getpwnam(string name);
}
