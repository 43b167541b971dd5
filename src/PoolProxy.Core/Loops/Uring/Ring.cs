using System.ComponentModel;
using PoolProxy.Core.Loops.Native;
using static PoolProxy.Core.Loops.Uring.UringConstants;

namespace PoolProxy.Core.Loops.Uring;

/// <summary>
/// One io_uring: a queue of entries to the kernel and a queue of completions from it, in memory shared with it. Made on any thread; the first
/// call of <see cref="Enable"/> makes the calling thread its only user, as IORING_SETUP_SINGLE_ISSUER wants it. Completions are made only inside
/// <see cref="Enter"/> (IORING_SETUP_DEFER_TASKRUN), so the kernel never interrupts the loop's work. io_uring(7).
/// </summary>
internal sealed unsafe class Ring : IDisposable
{
    private const uint SetupFlags = IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP | IORING_SETUP_R_DISABLED | IORING_SETUP_SUBMIT_ALL
        | IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;

    private const uint NeededFeatures = IORING_FEAT_SINGLE_MMAP | IORING_FEAT_NODROP | IORING_FEAT_SUBMIT_STABLE
        | IORING_FEAT_EXT_ARG | IORING_FEAT_CQE_SKIP;

    private readonly int _descriptor;
    private readonly byte* _rings;
    private readonly nuint _ringsLength;
    private readonly SubmissionEntry* _entries;
    private readonly uint* _submissionHead;
    private readonly uint* _submissionTail;
    private readonly uint* _submissionFlags;
    private readonly uint _submissionMask;
    private readonly uint* _completionHead;
    private readonly uint* _completionTail;
    private readonly CompletionEntry* _completions;
    private readonly uint _completionMask;
    private int _enterDescriptor;
    private uint _enterFlags;
    private int _ownerThread;
    private uint _tail;
    private uint _head;

    /// <summary>Throws <see cref="Win32Exception"/> when the kernel has no io_uring of this kind, or does not let us have it.</summary>
    public Ring(int submissionEntries, int completionEntries, bool asksForIndexArray = false)
    {
        var parameters = Setup(
            submissionEntries, completionEntries, SetupFlags | (asksForIndexArray ? 0 : IORING_SETUP_NO_SQARRAY), out _descriptor);
        if (_descriptor < 0 && Libc.LastError == Errno.EINVAL)
        {
            // Before Linux 6.6 the kernel finds entries by an array of indices.
            parameters = Setup(submissionEntries, completionEntries, SetupFlags, out _descriptor);
        }

        _ = Check(_descriptor, "io_uring_setup");
        _enterDescriptor = _descriptor;
        try
        {
            if ((parameters.Features & NeededFeatures) != NeededFeatures)
            {
                throw new Win32Exception(Errno.EOPNOTSUPP, $"io_uring lacks features (it has 0x{parameters.Features:x})");
            }

            _submissionMask = parameters.SubmissionEntries - 1;
            _completionMask = parameters.CompletionEntries - 1;
            _ringsLength = Math.Max(
                HasIndexArray(parameters) ? parameters.SubmissionArray + (parameters.SubmissionEntries * sizeof(uint)) : 0,
                parameters.Completions + (parameters.CompletionEntries * (uint)sizeof(CompletionEntry)));
            _rings = CheckMap(UringCalls.Map(_descriptor, _ringsLength, IORING_OFF_SQ_RING));
            _entries = (SubmissionEntry*)CheckMap(UringCalls.Map(_descriptor, EntriesLength, IORING_OFF_SQES));
        }
        catch
        {
            Dispose();
            throw;
        }

        _submissionHead = (uint*)(_rings + parameters.SubmissionHead);
        _submissionTail = (uint*)(_rings + parameters.SubmissionTail);
        _submissionFlags = (uint*)(_rings + parameters.SubmissionFlags);
        _completionHead = (uint*)(_rings + parameters.CompletionHead);
        _completionTail = (uint*)(_rings + parameters.CompletionTail);
        _completions = (CompletionEntry*)(_rings + parameters.Completions);

        // Entries are used in the order of their places, so the index array, where there is one, never changes.
        var array = (uint*)(_rings + parameters.SubmissionArray);
        for (var i = 0u; HasIndexArray(parameters) && i <= _submissionMask; i++)
        {
            array[i] = i;
        }
    }

    /// <summary>System calls made by <see cref="Enter"/>.</summary>
    public long EnterCount { get; private set; }

    /// <summary>Entries that the next <see cref="Enter"/> will hand to the kernel.</summary>
    public int Unsubmitted => (int)(_tail - Volatile.Read(ref *_submissionHead));

    /// <summary>Completions that wait to be taken.</summary>
    public int CompletionCount => (int)(Volatile.Read(ref *_completionTail) - _head);

    /// <summary>The kernel has completions that it makes or hands over only in <see cref="Enter"/>.</summary>
    public bool HasWorkInKernel => (Volatile.Read(ref *_submissionFlags) & (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW)) != 0;

    /// <summary>Completions did not fit and wait in the kernel for the next <see cref="Enter"/>.</summary>
    public bool HasOverflow => (Volatile.Read(ref *_submissionFlags) & IORING_SQ_CQ_OVERFLOW) != 0;

    private nuint EntriesLength => (nuint)(_submissionMask + 1) * (nuint)sizeof(SubmissionEntry);

    /// <summary>Binds the ring to the calling thread. Once, before anything else.</summary>
    public void Enable()
    {
        _ownerThread = Environment.CurrentManagedThreadId;
        _ = Check(UringCalls.Register(_descriptor, IORING_REGISTER_ENABLE_RINGS, null, 0), "IORING_REGISTER_ENABLE_RINGS");

        // A registered descriptor spares the kernel two atomic operations a call. struct io_uring_rsrc_update: offset (−1: any), 0, data.
        var update = stackalloc uint[4] { uint.MaxValue, 0, (uint)_descriptor, 0 };
        if (UringCalls.Register(_descriptor, IORING_REGISTER_RING_FDS, update, 1) == 1)
        {
            _enterDescriptor = (int)update[0];
            _enterFlags = IORING_ENTER_REGISTERED_RING;
        }
    }

    /// <summary>io_uring_register(2) on this ring; below zero is an errno.</summary>
    public int Register(uint operation, void* argument, uint count)
    {
        var result = UringCalls.Register(_descriptor, operation, argument, count);
        return result < 0 ? -Libc.LastError : result;
    }

    /// <summary>A cleared entry to be filled in at once. When the queue is full it is handed to the kernel first.</summary>
    public SubmissionEntry* Next()
    {
        while (Unsubmitted > _submissionMask)
        {
            Enter(0, 0);
        }

        var entry = _entries + (_tail & _submissionMask);
        *entry = default;
        _tail++;
        return entry;
    }

    /// <summary>
    /// Hands the entries over and waits for at least <paramref name="minCompletions"/> completions, but no longer than the time given, in
    /// milliseconds (−1: no limit). Returns early on a signal.
    /// </summary>
    public void Enter(uint minCompletions, int timeoutMilliseconds)
    {
        Volatile.Write(ref *_submissionTail, _tail);
        EnterCount++;
        var flags = _enterFlags | IORING_ENTER_GETEVENTS;
        var submit = (uint)Unsubmitted;
        int result;
        if (minCompletions == 0 || timeoutMilliseconds < 0)
        {
            result = UringCalls.Enter(_enterDescriptor, submit, minCompletions, flags, null);
        }
        else
        {
            var time = KernelTime.FromMilliseconds(timeoutMilliseconds);
            var argument = new WaitArgument { Timeout = &time };
            result = UringCalls.Enter(_enterDescriptor, submit, minCompletions, flags | IORING_ENTER_EXT_ARG, &argument);
        }

        // A signal or the time: nothing came. EAGAIN and EBUSY: the kernel is short of memory or of room, and taking completions helps.
        if (result < 0 && Libc.LastError is var error and not (Errno.EINTR or Errno.ETIME or Errno.EAGAIN or Errno.EBUSY))
        {
            throw new Win32Exception(error, "io_uring_enter failed");
        }
    }

    /// <summary>A completion that waits to be taken, counted from the next one.</summary>
    public ref readonly CompletionEntry Peek(int index) => ref _completions[(_head + (uint)index) & _completionMask];

    /// <summary>Takes the next completion.</summary>
    public bool TryTake(out CompletionEntry completion)
    {
        if (_head == Volatile.Read(ref *_completionTail))
        {
            completion = default;
            return false;
        }

        completion = _completions[_head & _completionMask];
        _head++;
        Volatile.Write(ref *_completionHead, _head);
        return true;
    }

    /// <summary>Whether a completion with that user data waits to be taken, the last of its operation.</summary>
    public bool HasFinal(ulong userData)
    {
        var tail = Volatile.Read(ref *_completionTail);
        for (var i = _head; i != tail; i++)
        {
            ref readonly var completion = ref _completions[i & _completionMask];
            if (completion.UserData == userData && !completion.HasMore)
            {
                return true;
            }
        }

        return false;
    }

    public void Dispose()
    {
        // The registration belongs to the thread and would keep the ring alive as long as that lives.
        if (_enterFlags != 0 && _ownerThread == Environment.CurrentManagedThreadId)
        {
            var update = stackalloc uint[4] { (uint)_enterDescriptor, 0, 0, 0 };
            _ = UringCalls.Register(_descriptor, IORING_UNREGISTER_RING_FDS, update, 1);
        }

        UringCalls.Unmap((byte*)_entries, EntriesLength);
        UringCalls.Unmap(_rings, _ringsLength);
        _ = Libc.close(_descriptor);
    }

    private static UringParameters Setup(int submissionEntries, int completionEntries, uint flags, out int descriptor)
    {
        var parameters = new UringParameters { Flags = flags, CompletionEntries = (uint)completionEntries };
        descriptor = UringCalls.Setup((uint)submissionEntries, &parameters);
        return parameters;
    }

    private static bool HasIndexArray(in UringParameters parameters) => (parameters.Flags & IORING_SETUP_NO_SQARRAY) == 0;

    private static int Check(int result, string call) =>
        result >= 0 ? result : throw new Win32Exception(Libc.LastError, $"{call} failed");

    private static byte* CheckMap(byte* address) =>
        address is not null ? address : throw new Win32Exception(Libc.LastError, "the rings of io_uring cannot be mapped");
}
