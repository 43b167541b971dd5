using System.Runtime.InteropServices;

namespace PoolProxy.Core.Loops.Native;

/// <summary>The error numbers that the proxy tells apart (Linux, generic numbering: x64 and arm64), and their text.</summary>
internal static class Errno
{
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int EINTR = 4;
    public const int EBADF = 9;
    public const int EAGAIN = 11;
    public const int ENOMEM = 12;
    public const int EBUSY = 16;
    public const int EINVAL = 22;
    public const int ENFILE = 23;
    public const int EMFILE = 24;
    public const int EPIPE = 32;
    public const int ERANGE = 34;
    public const int ETIME = 62;
    public const int ENOTSOCK = 88;
    public const int EOPNOTSUPP = 95;
    public const int EAFNOSUPPORT = 97;
    public const int EADDRINUSE = 98;
    public const int EADDRNOTAVAIL = 99;
    public const int ECONNRESET = 104;
    public const int ENOBUFS = 105;
    public const int ETIMEDOUT = 110;
    public const int ECONNREFUSED = 111;
    public const int EINPROGRESS = 115;
    public const int ECANCELED = 125;

    /// <summary>The system's words for it, such as <c>Connection refused</c>.</summary>
    public static string TextOf(int errno) => Marshal.GetPInvokeErrorMessage(errno);
}
