using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Loops;

/// <summary>
/// One thread and everything that lives on it: connections, timers, buffers. A turn of it is: sleep until the engine has something, a timer is
/// due or work was posted; read the time, once; deliver what came; run what was posted; meet deadlines; run what was deferred. Nothing that
/// runs on it may block. Members belong to its thread unless they say otherwise.
/// </summary>
internal sealed class Loop : IDisposable
{
    /// <summary>TLS flights handled in one turn; more wait for the next.</summary>
    public const int HandshakesPerTurn = 4;

    private readonly ILogger _logger;
    private readonly Lock _postGate = new();
    private readonly LoopSynchronizationContext _context;
    private readonly long _clockTicksPerMillisecond;
    private readonly Thread _thread;
    private readonly WorkQueue _deferred = new();
    private WorkQueue _posted = new();
    private WorkQueue _postedRunning = new();
    private bool _isWakeSent;
    private bool _isDisposed;
    private volatile bool _hasPosted;
    private volatile bool _isStopping;
    private int _threadId;
    private long _faultCount;

    /// <summary>A loop on epoll that is not running yet.</summary>
    public Loop(int index, TimeProvider time, ILogger logger)
        : this(index, time, logger, static loop => new EpollEngine(loop))
    {
    }

    /// <summary>A loop on the engine that <paramref name="createEngine"/> makes.</summary>
    public Loop(int index, TimeProvider time, ILogger logger, Func<Loop, ILoopEngine> createEngine)
    {
        Index = index;
        Time = time;
        _logger = logger;
        _clockTicksPerMillisecond = Math.Max(1, time.TimestampFrequency / 1000);
        NowMilliseconds = ReadClock();
        Timers = new TimerWheel(NowMilliseconds, CountFault);
        Standstill = new Standstill(this);
        WorkBuffers = new WorkBuffers(Buffers);
        Handshakes = new TurnQueue(this, HandshakesPerTurn);
        _context = new LoopSynchronizationContext(this);
        Engine = createEngine(this);
        _thread = new Thread(RunThread) { IsBackground = true, Name = $"loop {index}" };
    }

    /// <summary>Its place among the proxy's loops, from 0. Any thread.</summary>
    public int Index { get; }

    /// <summary>The clock it reads. Any thread.</summary>
    public TimeProvider Time { get; }

    /// <summary>Monotonic milliseconds, read once a turn; the same clock on every loop of the same <see cref="Time"/>.</summary>
    public long NowMilliseconds { get; private set; }

    /// <summary>Counts turns.</summary>
    public long TurnNumber { get; private set; }

    /// <summary>Exceptions that escaped from callbacks and cold methods. Any thread.</summary>
    public long FaultCount => Interlocked.Read(ref _faultCount);

    public TimerWheel Timers { get; }

    /// <summary>Whether deadlines are met.</summary>
    public Standstill Standstill { get; }

    public BufferPool Buffers { get; } = new();

    /// <summary>Any thread.</summary>
    public string EngineName => Engine.Name;

    /// <summary>True on the loop's own thread. Any thread.</summary>
    public bool IsCurrent => Volatile.Read(ref _threadId) == Environment.CurrentManagedThreadId;

    internal ILoopEngine Engine { get; }

    internal WorkBuffers WorkBuffers { get; }

    internal TurnQueue Handshakes { get; }

    /// <summary>Starts the thread. Once.</summary>
    public void Start() => _thread.Start();

    /// <summary>
    /// Ends the thread after its present turn and closes every socket without ceremony; returns when that is done. What is posted later is
    /// dropped. Any thread but its own.
    /// </summary>
    public void Stop()
    {
        Debug.Assert(!IsCurrent, "a loop does not wait for itself");
        _isStopping = true;
        Engine.Wake();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        Dispose();
    }

    /// <summary>Throws in Debug builds when called off the loop.</summary>
    [Conditional("DEBUG")]
    public void AssertCurrent() => Debug.Assert(IsCurrent, "touched from outside its loop");

    /// <summary>Runs a callback on the loop in its next turn, in the order of posting. Any thread.</summary>
    public void Post(Action<object?> callback, object? state)
    {
        bool mustWake;
        lock (_postGate)
        {
            if (_isDisposed)
            {
                return;
            }

            _posted.Enqueue(callback, state);
            _hasPosted = true;
            mustWake = !_isWakeSent && !IsCurrent;
            _isWakeSent |= mustWake;

            // Inside the lock: outside it the engine could be closed, and its descriptor another's, before the wake is written.
            if (mustWake)
            {
                Engine.Wake();
            }
        }
    }

    /// <summary>Runs a callback at the end of this turn; what such a callback defers runs at the end of the next.</summary>
    public void Defer(Action<object?> callback, object? state)
    {
        AssertCurrent();
        _deferred.Enqueue(callback, state);
    }

    /// <summary>
    /// Starts a cold asynchronous method: its continuations run on this loop. An exception that escapes from it is logged and counted.
    /// </summary>
    public void Run(Func<object?, Task> method, object? state)
    {
        AssertCurrent();
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        Task task;
        try
        {
            task = method(state);
        }
        catch (Exception exception)
        {
            CountFault(exception);
            return;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }

        if (!task.IsCompletedSuccessfully)
        {
            _ = task.ContinueWith(
                static (ended, loop) => ((Loop)loop!).CountFault(ended.Exception!.GetBaseException()),
                this,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    /// <summary>Closes what is open: on its own thread at the end of that, or by whoever has a loop whose thread never ran.</summary>
    public void Dispose()
    {
        lock (_postGate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        Engine.Dispose();
    }

    /// <summary>Logs and counts an exception that should not have been.</summary>
    internal void CountFault(Exception exception)
    {
        Interlocked.Increment(ref _faultCount);
        Log.LoopFault(_logger, Index, exception);
    }

    /// <summary>
    /// One turn on the calling thread, which the loop takes for its own from here on. Its thread does nothing else; tests drive a loop with it
    /// that was never started.
    /// </summary>
    internal void RunTurn(int longestWaitMilliseconds)
    {
        Volatile.Write(ref _threadId, Environment.CurrentManagedThreadId);
        Engine.Wait(SleepMilliseconds(longestWaitMilliseconds));
        NowMilliseconds = ReadClock();
        TurnNumber++;
        Engine.Deliver();
        RunPosted();
        Timers.Advance(NowMilliseconds);
        RunDeferred();
    }

    private void RunThread()
    {
        try
        {
            while (!_isStopping)
            {
                RunTurn(int.MaxValue);
            }
        }
        finally
        {
            // Here, because an engine may belong to the thread that has used it.
            Dispose();
        }
    }

    private long ReadClock() => Time.GetTimestamp() / _clockTicksPerMillisecond;

    private int SleepMilliseconds(int longest)
    {
        if (_deferred.Count > 0 || _hasPosted)
        {
            return 0;
        }

        var toTimer = Timers.Count == 0 ? -1 : Timers.MillisecondsToNext(ReadClock());
        if (toTimer < 0)
        {
            return longest == int.MaxValue ? -1 : longest;
        }

        return (int)Math.Min(toTimer, longest);
    }

    private void RunPosted()
    {
        if (!_hasPosted)
        {
            return;
        }

        lock (_postGate)
        {
            // Reset with the queue in hand: who posts after this wakes the loop again, who posted before is in the queue.
            _isWakeSent = false;
            _hasPosted = false;
            (_posted, _postedRunning) = (_postedRunning, _posted);
        }

        RunAll(_postedRunning, _postedRunning.Count);
    }

    private void RunDeferred() => RunAll(_deferred, _deferred.Count);

    private void RunAll(WorkQueue queue, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (callback, state) = queue.Dequeue();
            try
            {
                callback(state);
            }
            catch (Exception exception)
            {
                CountFault(exception);
            }
        }
    }
}
