using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PoolProxy.Core.Telemetry;

/// <summary>
/// Files that grow at their end whoever writes to them: every write goes behind what is there (open(2), O_APPEND), also of another process. The runtime's own way of
/// appending remembers where the end was, so that two processes, as in a rolling restart, would write over each other's lines, and a file cut off by log rotation would
/// begin with a hole.
/// </summary>
internal static partial class AppendingFile
{
    private const int Flags = 0x1 | 0x40 | 0x400 | 0x80000 | 0x100; // O_WRONLY, O_CREAT, O_APPEND, O_CLOEXEC, O_NOCTTY
    private const int EACCES = 13;
    private const int EPERM = 1;

    /// <summary>Opens it, and makes it where it is not there, with the permission bits <paramref name="mode"/>.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static FileStream Open(string path, UnixFileMode mode)
    {
        var handle = open(path, Flags, (uint)mode);
        if (!handle.IsInvalid)
        {
            return new FileStream(handle, FileAccess.Write, bufferSize: 0);
        }

        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        var text = $"{path}: {Marshal.GetPInvokeErrorMessage(error)}";
        throw error is EACCES or EPERM ? new UnauthorizedAccessException(text) : new IOException(text);
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags, uint mode);
}
