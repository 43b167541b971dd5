using PoolProxy.Core.Loops;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Transport;

/// <summary>One attempt to connect: a non-blocking <c>connect</c>, the wait until the socket is writable, and the deadline.</summary>
internal sealed class ConnectAttempt : TimerNode
{
    // How soon a Unix server with a full queue is tried again: the kernel does not say when there is room (connect(2), EAGAIN).
    private const long RetryMilliseconds = 16;

    private readonly Loop _loop;
    private readonly SocketEndpoint _endpoint;
    private readonly SocketTuning _tuning;
    private readonly TaskCompletionSource<Connection> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CallbackTimer _retry;
    private CancellationTokenRegistration _cancellation;
    private EngineWatch? _watch;
    private int _descriptor = -1;

    public ConnectAttempt(Loop loop, SocketEndpoint endpoint, SocketTuning tuning)
    {
        _loop = loop;
        _endpoint = endpoint;
        _tuning = tuning;
        _retry = new CallbackTimer(static (attempt, _) => ((ConnectAttempt)attempt!).TryConnect(), this);
    }

    public Task<Connection> BeginAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        _loop.Timers.Arm(this, _loop.NowMilliseconds + (long)timeout.TotalMilliseconds);
        if (cancellation.CanBeCanceled)
        {
            _cancellation = cancellation.UnsafeRegister(
                static (attempt, token) => ((ConnectAttempt)attempt!).CancelFromAnywhere(token), this);
        }

        var family = SocketAddress.FamilyOf(_endpoint);
        _descriptor = Libc.socket(family, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (_descriptor < 0)
        {
            Fail(Libc.LastError);
            return _completion.Task;
        }

        var refused = _endpoint.IsUnix ? 0 : SocketOptions.Apply(_tuning, _descriptor);
        if (refused != 0)
        {
            Fail(refused);
            return _completion.Task;
        }

        TryConnect();
        return _completion.Task;
    }

    protected internal override void OnDue(long nowMilliseconds) => Fail(Errno.ETIMEDOUT);

    private unsafe void TryConnect()
    {
        var address = stackalloc byte[SocketAddress.LargestBytes];
        var length = SocketAddress.Write(_endpoint, new Span<byte>(address, SocketAddress.LargestBytes));
        if (Libc.connect(_descriptor, address, (uint)length) == 0)
        {
            Succeed();
            return;
        }

        switch (Libc.LastError)
        {
            // A connect that a signal has interrupted goes on by itself (connect(2)).
            case Errno.EINPROGRESS or Errno.EINTR:
                _watch = _loop.Engine.Watch(
                    _descriptor, writable: true, static attempt => ((ConnectAttempt)attempt!).OnWritable(), this);
                break;
            case Errno.EAGAIN when _endpoint.IsUnix:
                _loop.Timers.Arm(_retry, _loop.NowMilliseconds + RetryMilliseconds);
                break;
            default:
                Fail(Libc.LastError);
                break;
        }
    }

    private void OnWritable()
    {
        var error = SocketOptions.TakeError(_descriptor);
        if (error == 0)
        {
            Succeed();
        }
        else
        {
            Fail(error);
        }
    }

    private void Succeed()
    {
        StopWaiting();
        var descriptor = _descriptor;
        _descriptor = -1;
        _completion.TrySetResult(new Connection(_loop, descriptor, _endpoint.Address, _endpoint));
    }

    private void Fail(int error)
    {
        StopWaiting();
        CloseDescriptor();
        _completion.TrySetException(new ConnectFailedException(_endpoint, error));
    }

    private void CancelFromAnywhere(CancellationToken token) =>
        _loop.Post(
            static item =>
            {
                var (attempt, cancelled) = ((ConnectAttempt, CancellationToken))item!;
                attempt.StopWaiting();
                attempt.CloseDescriptor();
                attempt._completion.TrySetCanceled(cancelled);
            },
            (this, token));

    private void StopWaiting()
    {
        _loop.Timers.Disarm(this);
        _loop.Timers.Disarm(_retry);
        _watch?.Dispose();
        _watch = null;
        _cancellation.Unregister();
    }

    private void CloseDescriptor()
    {
        if (_descriptor >= 0)
        {
            _ = Libc.close(_descriptor);
            _descriptor = -1;
        }
    }
}
