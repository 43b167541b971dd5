using System.Globalization;
using System.Runtime.InteropServices;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Transport;

/// <summary>The system's groups. Asked while starting, by one thread.</summary>
internal static class SystemGroups
{
    /// <summary>The number of a group that is named by its name or its number; null where there is none of that name.</summary>
    public static int? Find(string group)
    {
        if (int.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        // struct group begins with two pointers, the name and the password; the number stands behind them.
        var found = Libc.getgrnam(group);
        return found == 0 ? null : Marshal.ReadInt32(found, 2 * nint.Size);
    }
}
