using System.Runtime.InteropServices;

namespace PoolProxy.Core.Loops.Native;

/// <summary>The C library's heap, which OpenSSL allocates from.</summary>
internal static unsafe class NativeHeap
{
    // Of glibc alone: other C libraries give memory back by themselves, or not at all.
    private static readonly delegate* unmanaged[Cdecl]<nuint, int> _trim = Find();

    /// <summary>Gives free pages back to the system. It looks at the whole heap: some milliseconds for a hundred MB.</summary>
    public static void Trim()
    {
        if (_trim is not null)
        {
            _ = _trim(0);
        }
    }

    private static delegate* unmanaged[Cdecl]<nuint, int> Find() =>
        NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "malloc_trim", out var address)
            ? (delegate* unmanaged[Cdecl]<nuint, int>)address
            : null;
}
