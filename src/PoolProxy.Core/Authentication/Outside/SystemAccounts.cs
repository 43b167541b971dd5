using System.Runtime.InteropServices;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Authentication.Outside;

/// <summary>The system's users. The system may ask a directory: never on a loop.</summary>
internal static unsafe class SystemAccounts
{
    private const int FirstBufferBytes = 4096;
    private const int MaxBufferBytes = 1024 * 1024;

    /// <summary>The name of a user; null where the number has none.</summary>
    public static string? NameOf(uint userId)
    {
        // struct passwd: 48 bytes on x64 and arm64, of which the first are the pointer to the name.
        var entry = stackalloc nint[8];
        for (var size = FirstBufferBytes; size <= MaxBufferBytes; size *= 4)
        {
            var buffer = (byte*)NativeMemory.Alloc((nuint)size);
            try
            {
                nint found;
                var error = Libc.getpwuid_r(userId, entry, buffer, (nuint)size, &found);
                if (error != Errno.ERANGE)
                {
                    return error == 0 && found != 0 ? Marshal.PtrToStringUTF8(entry[0]) : null;
                }
            }
            finally
            {
                NativeMemory.Free(buffer);
            }
        }

        return null;
    }
}
