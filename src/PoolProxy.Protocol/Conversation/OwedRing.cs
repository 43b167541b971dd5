using System.Diagnostics;

namespace PoolProxy.Protocol.Conversation;

/// <summary>
/// A queue of <see cref="Owed"/> in an array whose length is a power of two. It grows, by doubling, and never shrinks; the
/// owner bounds it. Only <see cref="RemoveAt"/> and <see cref="RemoveKind"/> cost more than constant time.
/// </summary>
internal sealed class OwedRing
{
    private const int InitialCapacity = 16;

    private Owed[] _entries = new Owed[InitialCapacity];
    private int _start;
    private int _count;

    /// <summary>The number of entries.</summary>
    public int Count => _count;

    /// <summary>The oldest entry; there must be one.</summary>
    public Owed Head => this[0];

    /// <summary>The entry that <paramref name="index"/> others are older than.</summary>
    public Owed this[int index]
    {
        get
        {
            Debug.Assert((uint)index < (uint)_count);
            Owed[] entries = _entries;
            return entries[(_start + index) & (entries.Length - 1)];
        }
    }

    /// <summary>Appends an entry.</summary>
    public void Add(Owed owed)
    {
        if (_count == _entries.Length)
            Grow();
        Owed[] entries = _entries;
        entries[(_start + _count) & (entries.Length - 1)] = owed;
        _count++;
    }

    /// <summary>Removes the oldest entry; there must be one.</summary>
    public Owed Take()
    {
        Owed head = Head;
        _start = (_start + 1) & (_entries.Length - 1);
        _count--;
        return head;
    }

    /// <summary>
    /// Removes the entries of a kind between the head and <paramref name="end"/> and answers how many they were. The older ones move up, so
    /// that this costs as much as is looked at, however many follow.
    /// </summary>
    public int RemoveKind(OwedKind kind, int end)
    {
        Debug.Assert((uint)end <= (uint)_count);
        int mask = _entries.Length - 1;
        int kept = end;
        for (int i = end - 1; i >= 0; i--)
        {
            Owed entry = _entries[(_start + i) & mask];
            if (i == 0 || entry.Kind != kind)
                _entries[(_start + --kept) & mask] = entry;
        }

        _start = (_start + kept) & mask;
        _count -= kept;
        return kept;
    }

    /// <summary>Removes an entry; the older ones move up.</summary>
    public void RemoveAt(int index)
    {
        Debug.Assert((uint)index < (uint)_count);
        int mask = _entries.Length - 1;
        for (int i = index; i > 0; i--)
            _entries[(_start + i) & mask] = _entries[(_start + i - 1) & mask];
        _start = (_start + 1) & mask;
        _count--;
    }

    /// <summary>Removes everything.</summary>
    public void Clear()
    {
        _start = 0;
        _count = 0;
    }

    private void Grow()
    {
        var larger = new Owed[_entries.Length * 2];
        for (int i = 0; i < _count; i++)
            larger[i] = this[i];
        _entries = larger;
        _start = 0;
    }
}
