using System.Runtime.InteropServices;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Transport;

/// <summary>Which file a path names at present: device and inode, and whether it is a socket. Links are not followed.</summary>
internal readonly record struct FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode, bool IsSocket)
{
    private const int AT_FDCWD = -100;
    private const int AT_SYMLINK_NOFOLLOW = 0x100;
    private const uint STATX_TYPE = 0x1;
    private const uint STATX_INO = 0x100;
    private const int StatxBytes = 256;
    private const int S_IFMT = 0xF000;
    private const int S_IFSOCK = 0xC000;

    /// <summary>False when there is no such file or it cannot be looked at.</summary>
    public static unsafe bool TryRead(string path, out FileIdentity identity)
    {
        // statx, because its struct is the same on every machine: stx_mode at 28, stx_ino at 32, stx_dev_major and minor at 136 and 140.
        var bytes = stackalloc byte[StatxBytes];
        if (Libc.statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_TYPE | STATX_INO, bytes) < 0)
        {
            identity = default;
            return false;
        }

        var statx = new ReadOnlySpan<byte>(bytes, StatxBytes);
        identity = new FileIdentity(
            MemoryMarshal.Read<uint>(statx[136..]),
            MemoryMarshal.Read<uint>(statx[140..]),
            MemoryMarshal.Read<ulong>(statx[32..]),
            (MemoryMarshal.Read<ushort>(statx[28..]) & S_IFMT) == S_IFSOCK);
        return true;
    }
}
