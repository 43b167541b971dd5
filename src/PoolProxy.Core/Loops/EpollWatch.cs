using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Loops;

/// <summary>A listening or connecting descriptor in the epoll set; the descriptor stays its owner's.</summary>
internal sealed class EpollWatch(EpollEngine engine, SocketId id, int descriptor, uint interest, Action<object?> onReady, object? state)
    : EngineWatch, IEpollEntry
{
    private bool _isEnabled = true;
    private bool _isDisposed;

    public override bool IsEnabled
    {
        get => _isEnabled;
        set
        {
            if (_isEnabled == value || _isDisposed)
            {
                return;
            }

            _isEnabled = value;

            // Out of the set rather than without interest: errors and hang-ups are reported for any member, over and over.
            engine.Control(value ? Libc.EPOLL_CTL_ADD : Libc.EPOLL_CTL_DEL, descriptor, interest, id.ToUserData());
        }
    }

    public override void Dispose()
    {
        IsEnabled = false;
        _isDisposed = true;
        engine.Remove(id);
    }

    public void OnReady(uint events) => onReady(state);

    public void Close() => Dispose();

    internal EpollWatch Begin()
    {
        engine.Control(Libc.EPOLL_CTL_ADD, descriptor, interest, id.ToUserData());
        return this;
    }
}
