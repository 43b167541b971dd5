using System.Net;
using Microsoft.Extensions.Logging;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Loops.Native;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Transport;

/// <summary>
/// Accepts connections on one address, in bursts, and hands each to the next of its loops in turn; there <c>onAccepted</c> gets a silent
/// <see cref="Connection"/>. It lives on one loop. When descriptors run out it stops for a while and leaves newcomers in the kernel's queue,
/// and says so once.
/// </summary>
internal sealed class Listener
{
    /// <summary>Connections accepted in one turn; more wait for the next.</summary>
    public const int AcceptsPerTurn = 64;

    /// <summary>How long it keeps still when descriptors or memory have run out, in milliseconds.</summary>
    public const long BackOffMilliseconds = 100;

    /// <summary>
    /// How long who is on the way in has to arrive, in milliseconds: a handshake, and with tcp_defer_accept the second in which the kernel keeps a silent client to itself.
    /// </summary>
    public const long DrainMilliseconds = 1300;

    private readonly Loop _loop;
    private readonly ListeningSocket _socket;
    private readonly IReadOnlyList<Loop> _targets;
    private readonly Action<Connection> _onAccepted;
    private readonly ILogger _logger;
    private readonly CallbackTimer _backOff;
    private readonly CallbackTimer _drained;
    private TaskCompletionSource? _draining;
    private EngineWatch? _watch;
    private int _nextTarget;
    private bool _isBackingOff;

    public Listener(
        Loop loop, ListeningSocket socket, IReadOnlyList<Loop> targets, Action<Connection> onAccepted, ILogger logger)
    {
        _loop = loop;
        _socket = socket;
        _targets = targets;
        _onAccepted = onAccepted;
        _logger = logger;
        _backOff = new CallbackTimer(static (listener, _) => ((Listener)listener!).TryAgain(), this);
        _drained = new CallbackTimer(static (listener, _) => ((Listener)listener!).EndDrain(), this);
    }

    public SocketEndpoint Endpoint => _socket.Endpoint;

    /// <summary>The kernel's number, for whoever it is passed on to; −1 once stopped.</summary>
    public int Descriptor => _socket.Descriptor;

    /// <summary>Connections accepted so far.</summary>
    public long AcceptedCount { get; private set; }

    /// <summary>Times it had to back off.</summary>
    public long BackOffCount { get; private set; }

    /// <summary>Begins to accept. On the loop.</summary>
    public void Start()
    {
        _loop.AssertCurrent();
        _watch = _loop.Engine.Watch(_socket.Descriptor, writable: false, static listener => ((Listener)listener!).AcceptBurst(), this);
        Log.Listening(_logger, Endpoint.ToString());
    }

    /// <summary>RELOAD: newcomers get what the settings say of TCP. On the loop.</summary>
    public void Change(ListenerSettings settings)
    {
        _loop.AssertCurrent();
        if (_socket.Change(settings) is var error and not 0)
        {
            Log.ListenerNotTuned(_logger, Endpoint.ToString(), Errno.TextOf(error));
        }
    }

    /// <summary>Newcomers wait in the kernel's queue until <see cref="Resume"/> (SUSPEND). On the loop.</summary>
    public void Suspend()
    {
        _loop.AssertCurrent();
        _loop.Timers.Disarm(_backOff);
        if (_watch is not null)
        {
            _watch.IsEnabled = false;
        }
    }

    public void Resume()
    {
        _loop.AssertCurrent();
        if (_watch is not null)
        {
            _watch.IsEnabled = true;
        }
    }

    /// <summary>
    /// Stops, as one of several processes on a port, without losing anybody: who opens a connection from now on is sent to the others, and who is on the
    /// way in still arrives. The task ends with the listening. On the loop.
    /// </summary>
    public Task DrainAsync()
    {
        _loop.AssertCurrent();
        if (_draining is null)
        {
            _draining = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_watch is null || Endpoint.IsUnix || NewcomerFilter.Attach(_socket.Descriptor) != 0)
            {
                EndDrain();
            }
            else
            {
                _loop.Timers.Arm(_drained, _loop.NowMilliseconds + DrainMilliseconds);
            }
        }

        return _draining.Task;
    }

    /// <summary>Stops listening for good; the connections it has accepted live on. On the loop.</summary>
    public void Stop(bool removesFile = true)
    {
        _loop.AssertCurrent();
        _loop.Timers.Disarm(_backOff);
        _loop.Timers.Disarm(_drained);
        _watch?.Dispose();
        _watch = null;
        _socket.Close(removesFile);
        _draining?.TrySetResult();
    }

    private void EndDrain()
    {
        // All that has come into the queue until now.
        while (AcceptBurst())
        {
        }

        Stop();
    }

    // False: there is nothing more now.
    private bool AcceptBurst()
    {
        for (var i = 0; i < AcceptsPerTurn && _watch is { IsEnabled: true }; i++)
        {
            var descriptor = Accept(out var remote);
            if (descriptor >= 0)
            {
                Succeeded();
                HandOver(descriptor, remote);
            }
            else if (!HandleError(Libc.LastError))
            {
                return false;
            }
        }

        return _watch is { IsEnabled: true };
    }

    private unsafe int Accept(out IPEndPoint? remote)
    {
        var address = stackalloc byte[SocketAddress.LargestBytes];
        uint length = SocketAddress.LargestBytes;
        var descriptor = Libc.accept4(_socket.Descriptor, address, &length, Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC);
        remote = descriptor < 0 ? null : SocketAddress.Read(new ReadOnlySpan<byte>(address, (int)length));
        return descriptor;
    }

    // True: try the next one at once.
    private bool HandleError(int error)
    {
        switch (error)
        {
            case Errno.EAGAIN:
                return false;

            // Out of something: asking again at once would only spin.
            case Errno.EMFILE or Errno.ENFILE or Errno.ENOBUFS or Errno.ENOMEM:
                BackOff(error);
                return false;

            // The listener itself is broken; nothing that time would heal.
            case Errno.EBADF or Errno.EINVAL or Errno.ENOTSOCK or Errno.EOPNOTSUPP:
                Log.ListenerDied(_logger, Endpoint.ToString(), Errno.TextOf(error));
                Stop();
                return false;

            // The newcomer's own fault or its network's (accept(2) passes on pending network errors); the next may be well.
            default:
                return true;
        }
    }

    private void BackOff(int error)
    {
        _watch!.IsEnabled = false;
        _loop.Timers.Arm(_backOff, _loop.NowMilliseconds + BackOffMilliseconds);
        BackOffCount++;
        if (!_isBackingOff)
        {
            _isBackingOff = true;
            Log.AcceptBacksOff(_logger, Endpoint.ToString(), Errno.TextOf(error));
        }
    }

    private void TryAgain()
    {
        if (_watch is not null)
        {
            _watch.IsEnabled = true;
        }
    }

    private void Succeeded()
    {
        AcceptedCount++;
        if (_isBackingOff)
        {
            _isBackingOff = false;
            Log.AcceptContinues(_logger, Endpoint.ToString());
        }
    }

    private void HandOver(int descriptor, IPEndPoint? remote)
    {
        var target = _targets[_nextTarget];
        _nextTarget = (_nextTarget + 1) % _targets.Count;
        if (target == _loop)
        {
            Begin(_loop, descriptor, remote);
        }
        else
        {
            // The descriptor is the other loop's from here on.
            target.Post(
                static item =>
                {
                    var (listener, loop, accepted, peer) = ((Listener, Loop, int, IPEndPoint?))item!;
                    listener.Begin(loop, accepted, peer);
                },
                (this, target, descriptor, remote));
        }
    }

    private void Begin(Loop loop, int descriptor, IPEndPoint? remote)
    {
        var connection = new Connection(loop, descriptor, remote, Endpoint);
        try
        {
            _onAccepted(connection);
        }
        catch (Exception exception)
        {
            // One newcomer's fault is not the others'.
            loop.CountFault(exception);
            connection.Abort();
        }
    }
}
