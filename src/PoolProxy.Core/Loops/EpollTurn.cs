namespace PoolProxy.Core.Loops;

/// <summary>
/// What the sockets of an epoll engine send in a turn, kept to its end where it is short. A send wakes whoever reads, which then takes the processor
/// from the loop in the middle of its turn; and with the answers and requests of a turn sent together, its readers find more than one.
/// </summary>
internal sealed unsafe class EpollTurn(Loop loop)
{
    /// <summary>Longer sends are tried at once, without a copy.</summary>
    public const int LongestBytes = 2 * 1024;

    private const int CapacityBytes = 64 * 1024;

    private readonly LoopBuffer _bytes = loop.Buffers.Rent(CapacityBytes);
    private EpollSender[] _senders = new EpollSender[64];
    private int _count;
    private int _used;

    /// <summary>Room for so many bytes; what is kept is sent first where there is none.</summary>
    public byte* Reserve(int length)
    {
        if (length > CapacityBytes - _used)
        {
            Flush();
        }

        var place = _bytes.Pointer + _used;
        _used += length;
        return place;
    }

    /// <summary>Whether what was reserved next would follow this without a gap.</summary>
    public bool IsEnd(byte* end, int length) => end == _bytes.Pointer + _used && length <= CapacityBytes - _used;

    /// <summary>It has something in here.</summary>
    public void Add(EpollSender sender)
    {
        if (_count == _senders.Length)
        {
            Array.Resize(ref _senders, _count * 2);
        }

        _senders[_count++] = sender;
    }

    /// <summary>Sends all of it, each socket's in one write.</summary>
    public void Flush()
    {
        for (var i = 0; i < _count; i++)
        {
            var sender = _senders[i];
            _senders[i] = null!;
            try
            {
                sender.Flush();
            }
            catch (Exception exception)
            {
                // One that cannot keep what its peer did not take: it is no affair of the others.
                loop.CountFault(exception);
                sender.Abandon();
            }
        }

        _count = 0;
        _used = 0;
    }

    /// <summary>Gives its memory back; nothing is sent.</summary>
    public void Dispose() => _bytes.Return();
}
