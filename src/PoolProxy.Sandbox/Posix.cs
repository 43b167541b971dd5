using System.ComponentModel;
using System.Runtime.InteropServices;

namespace PoolProxy.Sandbox;

/// <summary>The calls of libc that .NET has no method for.</summary>
internal static partial class Posix
{
    /// <summary>kill(2).</summary>
    /// <exception cref="Win32Exception">The process is gone, or belongs to someone else.</exception>
    public static void Kill(int processId, int signal)
    {
        if (KillNative(processId, signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"kill({processId}, {signal}): {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>chown(2).</summary>
    /// <exception cref="Win32Exception">Not root, or no such file.</exception>
    public static void ChangeOwner(string path, uint userId, uint groupId)
    {
        if (ChownNative(path, userId, groupId) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"chown {path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int KillNative(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChownNative(string path, uint userId, uint groupId);
}
