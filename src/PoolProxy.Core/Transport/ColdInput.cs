using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Transport;

/// <summary>
/// The bytes a <see cref="ColdChannel"/> has and nobody has read. A piece that was lent out stays where it is, also when more comes, until it is
/// given back.
/// </summary>
internal sealed class ColdInput(BufferPool pool)
{
    private LoopBuffer? _buffer;
    private LoopBuffer? _lentBuffer;
    private int _start;
    private bool _isLent;

    /// <summary>How many bytes are unread.</summary>
    public int Count => _buffer is null ? 0 : _buffer.Length - _start;

    public bool IsLent => _isLent;

    /// <summary>All that is unread.</summary>
    public ReadOnlySpan<byte> Unread => _buffer is null ? [] : _buffer.Span[_start..];

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var needed = Count + bytes.Length;
        if (_buffer is null)
        {
            _buffer = pool.Rent(needed);
        }
        else if (bytes.Length > _buffer.Capacity - _buffer.Length)
        {
            if (_isLent || needed > _buffer.Capacity)
            {
                MoveTo(pool.Rent(needed));
            }
            else
            {
                var count = Count;
                Unread.CopyTo(_buffer.Span);
                _buffer.Length = count;
                _start = 0;
            }
        }

        _ = _buffer.Append(bytes);
    }

    /// <summary>Lends the piece behind <paramref name="skip"/> bytes; both count as read from here on.</summary>
    public ReadOnlyMemory<byte> Lend(int skip, int length)
    {
        if (length == 0)
        {
            _start += skip;
            return default;
        }

        var piece = _buffer!.Memory.Slice(_start + skip, length);
        _start += skip + length;
        _isLent = true;
        return piece;
    }

    public void Skip(int length) => _start += length;

    /// <summary>What was lent is done with; a buffer without unread bytes goes back to the pool.</summary>
    public void TakeBack()
    {
        _isLent = false;
        _lentBuffer?.Return();
        _lentBuffer = null;
        if (Count == 0)
        {
            _buffer?.Return();
            _buffer = null;
            _start = 0;
        }
    }

    /// <summary>Drops everything.</summary>
    public void Clear()
    {
        if (_buffer is not null)
        {
            _start = _buffer.Length;
        }

        TakeBack();
    }

    private void MoveTo(LoopBuffer larger)
    {
        _ = larger.Append(Unread);

        // At most one buffer is lent: a second move while the same piece is out happens between buffers that nobody else sees.
        if (_isLent && _lentBuffer is null)
        {
            _lentBuffer = _buffer;
        }
        else
        {
            _buffer!.Return();
        }

        _buffer = larger;
        _start = 0;
    }
}
