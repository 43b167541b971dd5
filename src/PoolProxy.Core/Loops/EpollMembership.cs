using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Loops;

/// <summary>
/// A socket's place in its engine's epoll set: out of it, or in it for certain events. The kernel is told only of changes, since each costs a
/// system call. In the set without any event a socket still reports errors and hang-ups, over and over.
/// </summary>
internal struct EpollMembership
{
    private uint _interest;
    private bool _isInSet;

    /// <summary>Changes what is waited for. A socket enters the set with its first event and stays when it wants none.</summary>
    public void Want(uint events, EpollEngine engine, int descriptor, SocketId id)
    {
        if (!_isInSet)
        {
            if (events != 0)
            {
                engine.Control(Libc.EPOLL_CTL_ADD, descriptor, events, id.ToUserData());
                _isInSet = true;
                _interest = events;
            }
        }
        else if (events != _interest)
        {
            engine.Control(Libc.EPOLL_CTL_MOD, descriptor, events, id.ToUserData());
            _interest = events;
        }
    }

    /// <summary>Leaves the set, if the socket is in it.</summary>
    public void Leave(EpollEngine engine, int descriptor)
    {
        if (_isInSet)
        {
            engine.Control(Libc.EPOLL_CTL_DEL, descriptor, 0, 0);
            _isInSet = false;
            _interest = 0;
        }
    }
}
