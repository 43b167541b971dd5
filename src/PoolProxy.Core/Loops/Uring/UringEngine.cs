using System.ComponentModel;
using System.Diagnostics;
using PoolProxy.Core.Loops.Native;
using static PoolProxy.Core.Loops.Uring.UringConstants;

namespace PoolProxy.Core.Loops.Uring;

/// <summary>
/// Waits with io_uring. Receives are multishot operations that stay armed and fill buffers which the kernel picks when bytes are there; sends of
/// a whole turn, often straight from those buffers, go to the kernel in the system call that waits for the next events. So a busy loop makes
/// less than one system call for a transaction.
/// </summary>
internal sealed unsafe class UringEngine : ILoopEngine
{
    /// <summary>The value of <see cref="Name"/>.</summary>
    public const string EngineName = "io_uring";

    // How long the end waits for the kernel to let go of everything; cancellations take microseconds.
    private const int PatienceMilliseconds = 1000;
    private const int PatienceStepMilliseconds = 10;

    private readonly Ring _ring;
    private readonly int _wakeDescriptor;
    private readonly UringSizes _sizes;
    private readonly SlotTable<IUringEntry> _entries = new();
    private readonly Queue<UringReceiver> _starved = new();
    private int _ownerThread;

    /// <summary>An engine with its ring; the thread that first waits becomes its only user.</summary>
    public UringEngine(Loop loop)
        : this(loop, UringSizes.Default)
    {
    }

    /// <summary>One of another size.</summary>
    public UringEngine(Loop loop, UringSizes sizes)
    {
        Loop = loop;
        _sizes = sizes;
        _ring = new Ring(sizes.SubmissionEntries, sizes.CompletionEntries, sizes.AsksForIndexArray);
        Operations = new UringOperations(_ring);
        Sends = new TurnSends(loop);
        Files = new FixedFiles(_ring);
        Buffers = new ProvidedBuffers(sizes.BufferCount, sizes.BufferBytes, sizes.BufferWindow);
        Pieces = new SendPieces(loop.Buffers, Buffers);
        Queues = new SendQueues(this);
        _wakeDescriptor = Check(Libc.eventfd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC), "eventfd");
    }

    public string Name => EngineName;

    public int ReadyCount => _ring.CompletionCount;

    public long CallCount => _ring.EnterCount;

    /// <summary>Sockets and watches that the kernel may still refer to.</summary>
    internal int EntryCount => _entries.Count;

    internal Loop Loop { get; }

    internal UringOperations Operations { get; }

    internal TurnSends Sends { get; }

    internal FixedFiles Files { get; }

    internal ProvidedBuffers Buffers { get; }

    internal SendPieces Pieces { get; }

    internal SendQueues Queues { get; }

    public EngineSocket Open(int descriptor, ISocketEvents events) =>
        (UringSocket)_entries.Add(
            static (id, made) => new UringSocket(made.Engine, id, made.Descriptor, made.Events),
            (Engine: this, Descriptor: descriptor, Events: events));

    public EngineWatch Watch(int descriptor, bool writable, Action<object?> onReady, object? state)
    {
        Enable();
        return ((UringWatch)_entries.Add(
            static (id, made) => new UringWatch(made.Engine, id, made.Descriptor, made.Interest, made.OnReady, made.State),
            (Engine: this, Descriptor: descriptor, Interest: writable ? POLLOUT : POLLIN, OnReady: onReady, State: state))).Begin();
    }

    public ISocketEvents? Find(SocketId id) => _entries.Find(id) is UringSocket { IsClosed: false } socket ? socket.Owner : null;

    public void Wait(int timeoutMilliseconds)
    {
        Enable();
        Sends.Begin();
        Buffers.Publish();
        FeedStarved();
        if (_ring.CompletionCount > 0 || (_starved.Count > 0 && Sends.AttemptCount > 0))
        {
            // There is something to do already; or attempts hold buffers that receives wait for.
            timeoutMilliseconds = 0;
        }

        if (timeoutMilliseconds != 0)
        {
            _ring.Enter(1, timeoutMilliseconds);
        }
        else if (_ring.Unsubmitted > 0 || _ring.HasWorkInKernel)
        {
            _ring.Enter(0, 0);
        }

        Operations.ResetVectors();
    }

    public void Deliver()
    {
        // As many as there are now: those that come meanwhile wait for the next turn, after timers and posted work.
        var count = _ring.CompletionCount;
        EndSends(count);
        for (; count > 0 && _ring.TryTake(out var completion); count--)
        {
            if (SocketId.TagOf(completion.UserData) != (byte)UringOperation.Send)
            {
                Deliver(completion);
            }
        }
    }

    public void Wake()
    {
        ulong one = 1;
        _ = Libc.write(_wakeDescriptor, &one, sizeof(ulong));
    }

    public void Dispose()
    {
        CloseAll();
        _ring.Dispose();
        Buffers.Free();
        _ = Libc.close(_wakeDescriptor);
    }

    /// <summary>Stays until the cancelled operation has ended; its completion is delivered with the others.</summary>
    internal void WaitForFinal(SocketId id, UringOperation operation)
    {
        if (_ownerThread != Environment.CurrentManagedThreadId)
        {
            // Only when the whole engine ends on a thread that is not its own: closing the ring ends everything.
            return;
        }

        for (var waited = 0; waited < PatienceMilliseconds && !_ring.HasFinal(id.ToUserData((byte)operation)); waited += PatienceStepMilliseconds)
        {
            _ring.Enter((uint)_ring.CompletionCount + 1, PatienceStepMilliseconds);
        }
    }

    /// <summary>Its receive ended for want of a buffer; its <see cref="UringReceiver.Feed"/> is called when the kernel has some again.</summary>
    internal void WaitForBuffers(UringReceiver receiver)
    {
        Buffers.Widen();
        _starved.Enqueue(receiver);
    }

    internal void Remove(SocketId id) => _entries.Remove(id);

    private static int Check(int result, string call) =>
        result >= 0 ? result : throw new Win32Exception(Libc.LastError, $"{call} failed");

    private void Enable()
    {
        if (_ownerThread != 0)
        {
            return;
        }

        _ownerThread = Environment.CurrentManagedThreadId;
        _ring.Enable();
        Files.Register(_sizes.FixedFiles);
        if (Buffers.Register(_ring) is < 0 and var error)
        {
            throw new Win32Exception(-error, "the receive buffers cannot be registered");
        }

        Operations.PollWake(_wakeDescriptor);
    }

    private void FeedStarved()
    {
        for (var feedable = Math.Min(_starved.Count, Buffers.OfferedCount); feedable > 0; feedable--)
        {
            _starved.Dequeue().Feed();
        }
    }

    // Sends first, so that what comes finds them ended: those that completed, then the attempts of which the kernel said nothing.
    private void EndSends(int count)
    {
        // What the kernel says may still be on its way where completions or entries did not fit.
        var isAllSaid = _ring.Unsubmitted == 0 && !_ring.HasOverflow;
        for (var i = 0; i < count; i++)
        {
            ref readonly var completion = ref _ring.Peek(i);
            if (SocketId.TagOf(completion.UserData) == (byte)UringOperation.Send)
            {
                Deliver(completion);
            }
        }

        if (isAllSaid)
        {
            Sends.EndAttempts();
        }
    }

    private void Deliver(in CompletionEntry completion)
    {
        var operation = (UringOperation)SocketId.TagOf(completion.UserData);
        if (operation == UringOperation.Wake)
        {
            if (!completion.HasMore)
            {
                Operations.PollWake(_wakeDescriptor);
            }

            return;
        }

        if (operation == UringOperation.Cancel)
        {
            return;
        }

        if (_entries.Find(SocketId.FromUserData(completion.UserData)) is not { } entry)
        {
            Debug.Fail("a slot is kept until its last completion");
            return;
        }

        try
        {
            entry.OnCompletion(operation, completion);
        }
        catch (Exception exception)
        {
            Loop.CountFault(exception);
        }
    }

    private void CloseAll()
    {
        foreach (var entry in _entries.ToList())
        {
            entry.Close();
        }

        if (_ownerThread != Environment.CurrentManagedThreadId)
        {
            return;
        }

        for (var waited = 0; waited < PatienceMilliseconds && _entries.Count > 0; waited += PatienceStepMilliseconds)
        {
            _ring.Enter(1, PatienceStepMilliseconds);
            Deliver();
        }
    }
}
