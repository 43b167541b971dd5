using System.Runtime.InteropServices;

namespace PoolProxy.Load.Driver;

/// <summary>An epoll instance, level-triggered; every descriptor carries the number of its client. Of one thread.</summary>
internal sealed unsafe class EpollSet : IDisposable
{
    private const int Batch = 512;

    // struct epoll_event is packed on x86-64 only, epoll_event(3type).
    private static readonly bool IsPacked = RuntimeInformation.ProcessArchitecture == Architecture.X64;
    private static readonly int StrideBytes = IsPacked ? 12 : 16;
    private static readonly int NumberOffset = IsPacked ? 4 : 8;

    private readonly int _descriptor;
    private readonly byte* _happenings = (byte*)NativeMemory.Alloc((nuint)(Batch * 16));

    public EpollSet()
    {
        _descriptor = LibC.EpollCreate(LibC.CloseOnExec);
        if (_descriptor < 0)
        {
            throw LibC.LastError("epoll_create1");
        }
    }

    /// <summary>Waits; returns how many happenings there are, at most <see cref="Batch"/>.</summary>
    public int Wait(int timeoutMilliseconds)
    {
        int count = LibC.EpollWait(_descriptor, _happenings, Batch, timeoutMilliseconds);
        if (count >= 0)
        {
            return count;
        }
        return Marshal.GetLastPInvokeError() == LibC.Interrupted ? 0 : throw LibC.LastError("epoll_wait");
    }

    /// <summary>One of the happenings of the last <see cref="Wait"/>.</summary>
    public (int Client, uint What) this[int index]
    {
        get
        {
            byte* at = _happenings + (index * StrideBytes);
            return (*(int*)(at + NumberOffset), *(uint*)at);
        }
    }

    /// <summary>Watches a descriptor from now on.</summary>
    public void Add(int descriptor, int client, uint what) => Control(LibC.EpollAdd, descriptor, client, what);

    /// <summary>Changes what a descriptor is watched for.</summary>
    public void Change(int descriptor, int client, uint what) => Control(LibC.EpollModify, descriptor, client, what);

    /// <inheritdoc/>
    public void Dispose()
    {
        LibC.Close(_descriptor);
        NativeMemory.Free(_happenings);
    }

    private void Control(int operation, int descriptor, int client, uint what)
    {
        byte* happening = stackalloc byte[16];
        new Span<byte>(happening, 16).Clear();
        *(uint*)happening = what;
        *(int*)(happening + NumberOffset) = client;
        if (LibC.EpollControl(_descriptor, operation, descriptor, happening) != 0)
        {
            throw LibC.LastError("epoll_ctl");
        }
    }
}
