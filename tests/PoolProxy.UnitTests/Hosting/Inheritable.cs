using System.Runtime.InteropServices;

namespace PoolProxy.UnitTests.Hosting;

/// <summary>Descriptors that a started process inherits, which the runtime's own are not.</summary>
internal static partial class Inheritable
{
    /// <summary>A second descriptor of the same.</summary>
    public static int Duplicate(int descriptor) => dup(descriptor);

    public static void Close(int descriptor) => _ = close(descriptor);

    [LibraryImport("libc")]
    private static partial int dup(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
