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
    private readonly SlotTable<IUringEntry> _entries = new();
    private readonly Queue<UringReceiver> _starved = new();
    private UringSocket[] _toSend = new UringSocket[64];
    private int _toSendCount;
    private UringSocket[] _attempting = new UringSocket[64];
    private int _attemptCount;
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
        _ring = new Ring(sizes.SubmissionEntries, sizes.CompletionEntries);
        Buffers = new ProvidedBuffers(sizes.BufferCount, sizes.BufferBytes);
        Pieces = new SendPieces(loop.Buffers, Buffers);
        _wakeDescriptor = Check(Libc.eventfd(0, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC), "eventfd");
    }

    public string Name => EngineName;

    public int ReadyCount => _ring.CompletionCount;

    /// <summary>System calls made so far to submit and to wait.</summary>
    public long EnterCount => _ring.EnterCount;

    /// <summary>Sockets and watches that the kernel may still refer to.</summary>
    internal int EntryCount => _entries.Count;

    internal Loop Loop { get; }

    internal ProvidedBuffers Buffers { get; }

    internal SendPieces Pieces { get; }

    internal VectorArena Vectors { get; } = new();

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
        PrepareSubmission();
        if (_ring.CompletionCount > 0 || (_starved.Count > 0 && _attemptCount > 0))
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

        ResetVectors();
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

    /// <summary>An entry of that operation for that socket, to be filled in at once.</summary>
    internal void Prepare(UringSocket socket, UringOperation operation, out SubmissionEntry* entry)
    {
        if (Vectors.IsFull)
        {
            _ring.Enter(0, 0);
            ResetVectors();
        }

        entry = _ring.Next();
        entry->Descriptor = socket.DescriptorInUse;
        entry->UserData = socket.Id.ToUserData((byte)operation);
    }

    internal void BeginReceive(UringSocket socket)
    {
        Prepare(socket, UringOperation.Receive, out var entry);
        entry->Operation = IORING_OP_RECV;
        entry->Flags = IOSQE_BUFFER_SELECT;
        entry->OperationOptions = IORING_RECV_MULTISHOT;
        entry->BufferGroup = ProvidedBuffers.Group;
    }

    internal void BeginPoll(SocketId id, int descriptor, uint events)
    {
        var entry = _ring.Next();
        entry->Operation = IORING_OP_POLL_ADD;
        entry->Descriptor = descriptor;
        entry->OperationFlags = events;
        entry->UserData = id.ToUserData((byte)UringOperation.Poll);
    }

    /// <summary>Asks the kernel to end an operation; its last completion says that it has.</summary>
    internal void Cancel(SocketId id, UringOperation operation)
    {
        var entry = _ring.Next();
        entry->Operation = IORING_OP_ASYNC_CANCEL;
        entry->Descriptor = -1;
        entry->Target = id.ToUserData((byte)operation);
        entry->UserData = id.ToUserData((byte)UringOperation.Cancel);
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

    /// <summary>Its <see cref="UringSocket.BeginSend"/> is called before the loop waits next.</summary>
    internal void ScheduleSend(UringSocket socket)
    {
        if (_toSendCount == _toSend.Length)
        {
            Array.Resize(ref _toSend, _toSendCount * 2);
        }

        _toSend[_toSendCount++] = socket;
    }

    /// <summary>Its <see cref="UringSocket.EndAttempt"/> is called after the entries made so far have been submitted.</summary>
    internal void ExpectAttempt(UringSocket socket)
    {
        if (_attemptCount == _attempting.Length)
        {
            Array.Resize(ref _attempting, _attemptCount * 2);
        }

        _attempting[_attemptCount++] = socket;
    }

    /// <summary>Its <see cref="UringReceiver.Feed"/> is called when buffers have come back.</summary>
    internal void WaitForBuffers(UringReceiver receiver) => _starved.Enqueue(receiver);

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
        if (Buffers.Register(_ring) is < 0 and var error)
        {
            throw new Win32Exception(-error, "the receive buffers cannot be registered");
        }

        BeginWake();
    }

    // A multishot poll reports each write once, so the descriptor's count is never read.
    private void BeginWake()
    {
        var entry = _ring.Next();
        entry->Operation = IORING_OP_POLL_ADD;
        entry->Descriptor = _wakeDescriptor;
        entry->Length = IORING_POLL_ADD_MULTI;
        entry->OperationFlags = POLLIN;
        entry->UserData = default(SocketId).ToUserData((byte)UringOperation.Wake);
    }

    private void ResetVectors()
    {
        if (_ring.Unsubmitted == 0)
        {
            Vectors.Reset();
        }
    }

    private void PrepareSubmission()
    {
        for (var i = 0; i < _toSendCount; i++)
        {
            var socket = _toSend[i];
            _toSend[i] = null!;
            socket.BeginSend();
        }

        _toSendCount = 0;
        Buffers.Publish();
        for (var feedable = Math.Min(_starved.Count, Buffers.FreeCount); feedable > 0; feedable--)
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

        if (!isAllSaid)
        {
            return;
        }

        for (var i = 0; i < _attemptCount; i++)
        {
            var socket = _attempting[i];
            _attempting[i] = null!;
            try
            {
                socket.EndAttempt();
            }
            catch (Exception exception)
            {
                Loop.CountFault(exception);
            }
        }

        _attemptCount = 0;
    }

    private void Deliver(in CompletionEntry completion)
    {
        var operation = (UringOperation)SocketId.TagOf(completion.UserData);
        if (operation == UringOperation.Wake)
        {
            if (!completion.HasMore)
            {
                BeginWake();
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
