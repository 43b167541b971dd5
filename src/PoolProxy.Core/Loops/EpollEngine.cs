using System.ComponentModel;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Loops;

/// <summary>
/// Waits with epoll, level-triggered: EPOLLIN only in the steady state, EPOLLOUT only while a socket has a backlog, one <c>recv</c> per ready
/// socket and turn into one shared buffer. So a busy connection costs one system call a read, one a write, and none in between. Short sends wait for the end of the turn (<see cref="EpollTurn"/>).
/// </summary>
internal sealed unsafe class EpollEngine : ILoopEngine
{
    /// <summary>The shared receive buffer, in bytes: the largest piece a handler is given.</summary>
    public const int ReceiveBufferBytes = 64 * 1024;

    private const int EventsPerWait = 512;
    private const ulong WakeData = ulong.MaxValue;

    private readonly int _epoll;
    private readonly int _wakeDescriptor;
    private readonly byte[] _events = GC.AllocateUninitializedArray<byte>(EventsPerWait * EpollEvent.LargestSizeBytes, pinned: true);
    private readonly LoopBuffer _received;
    private readonly SlotTable<IEpollEntry> _entries = new();
    private int _ready;
    private bool _hasSendFailed;

    public EpollEngine(Loop loop)
    {
        Loop = loop;
        Turn = new EpollTurn(loop);
        _received = loop.Buffers.Rent(ReceiveBufferBytes);
        _epoll = Check(Libc.epoll_create1(Libc.EPOLL_CLOEXEC), "epoll_create1");
        _wakeDescriptor = Check(Libc.eventfd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC), "eventfd");
        Control(Libc.EPOLL_CTL_ADD, _wakeDescriptor, Libc.EPOLLIN, WakeData);
    }

    public string Name => "epoll";

    public int ReadyCount => _ready;

    public long CallCount { get; private set; }

    internal Loop Loop { get; }

    /// <summary>What is sent at the end of this turn.</summary>
    internal EpollTurn Turn { get; }

    internal byte* ReceiveBuffer => _received.Pointer;

    public EngineSocket Open(int descriptor, ISocketEvents events) =>
        (EpollSocket)_entries.Add(
            static (id, made) => new EpollSocket(made.Engine, id, made.Descriptor, made.Events),
            (Engine: this, Descriptor: descriptor, Events: events));

    public EngineWatch Watch(int descriptor, bool writable, Action<object?> onReady, object? state) =>
        ((EpollWatch)_entries.Add(
            static (id, made) => new EpollWatch(made.Engine, id, made.Descriptor, made.Interest, made.OnReady, made.State),
            (Engine: this, Descriptor: descriptor, Interest: writable ? Libc.EPOLLOUT : Libc.EPOLLIN, OnReady: onReady, State: state))).Begin();

    public ISocketEvents? Find(SocketId id) => (_entries.Find(id) as EpollSocket)?.Owner;

    public void Wait(int timeoutMilliseconds)
    {
        _hasSendFailed = false;
        Turn.Flush();
        CallCount++;
        if (_hasSendFailed)
        {
            // What was deferred by that comes first.
            timeoutMilliseconds = 0;
        }

        fixed (byte* events = _events)
        {
            _ready = Libc.epoll_wait(_epoll, events, EventsPerWait, timeoutMilliseconds);
        }

        if (_ready < 0)
        {
            // A signal only shortens the sleep.
            _ready = Libc.LastError == Errno.EINTR ? 0 : throw new Win32Exception(Libc.LastError, "epoll_wait failed");
        }
    }

    public void Deliver()
    {
        fixed (byte* events = _events)
        {
            for (var i = 0; i < _ready; i++)
            {
                var current = events + (i * EpollEvent.SizeBytes);
                var data = EpollEvent.DataOf(current);
                if (data == WakeData)
                {
                    ulong count;
                    _ = Libc.read(_wakeDescriptor, &count, sizeof(ulong));
                    continue;
                }

                // Gone when an earlier callback of this turn has closed it: the event is stale, whoever has the descriptor now.
                if (_entries.Find(SocketId.FromUserData(data)) is { } entry)
                {
                    try
                    {
                        entry.OnReady(EpollEvent.EventsOf(current));
                    }
                    catch (Exception exception)
                    {
                        Loop.CountFault(exception);
                    }
                }
            }
        }

        _ready = 0;
    }

    public void Wake()
    {
        ulong one = 1;
        _ = Libc.write(_wakeDescriptor, &one, sizeof(ulong));
    }

    public void Dispose()
    {
        foreach (var entry in _entries.ToList())
        {
            entry.Close();
        }

        Turn.Dispose();

        _ = Libc.close(_wakeDescriptor);
        _ = Libc.close(_epoll);
    }

    internal void Control(int operation, int descriptor, uint events, ulong data)
    {
        var bytes = stackalloc byte[EpollEvent.LargestSizeBytes];
        EpollEvent.Write(bytes, events, data);
        _ = Check(Libc.epoll_ctl(_epoll, operation, descriptor, bytes), "epoll_ctl");
    }

    /// <summary>One of its sockets is about to receive or send.</summary>
    internal void CountCall() => CallCount++;

    /// <summary>A socket has deferred the end that a failed send has brought.</summary>
    internal void SendFailed() => _hasSendFailed = true;

    internal void Remove(SocketId id) => _entries.Remove(id);

    private static int Check(int result, string call) =>
        result >= 0 ? result : throw new Win32Exception(Libc.LastError, $"{call} failed");
}
