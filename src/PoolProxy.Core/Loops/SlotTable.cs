namespace PoolProxy.Core.Loops;

/// <summary>
/// An engine's sockets and watches by slot. A slot that is freed is used again under a new generation, so an old <see cref="SocketId"/> finds
/// nothing. Touched by its loop only.
/// </summary>
internal sealed class SlotTable<T>
    where T : class
{
    private Slot[] _slots = new Slot[64];
    private int _firstFree = -1;
    private int _used;

    /// <summary>How many slots are taken.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a slot and makes what goes into it with its name.</summary>
    public T Add<TState>(Func<SocketId, TState, T> create, TState state)
    {
        int index;
        if (_firstFree >= 0)
        {
            index = _firstFree;
            _firstFree = _slots[index].NextFree;
        }
        else
        {
            if (_used == _slots.Length)
            {
                Array.Resize(ref _slots, _used * 2);
            }

            index = _used++;
            _slots[index].Generation = 1;
        }

        var item = create(new SocketId(index, _slots[index].Generation), state);
        _slots[index].Item = item;
        Count++;
        return item;
    }

    public T? Find(SocketId id) =>
        (uint)id.Slot < (uint)_used && _slots[id.Slot].Generation == id.Generation ? _slots[id.Slot].Item : null;

    public void Remove(SocketId id)
    {
        ref var slot = ref _slots[id.Slot];
        if (slot.Generation != id.Generation)
        {
            return;
        }

        slot.Item = null;
        slot.Generation = SocketId.NextGeneration(slot.Generation);
        slot.NextFree = _firstFree;
        _firstFree = id.Slot;
        Count--;
    }

    /// <summary>Everything in it now.</summary>
    public List<T> ToList()
    {
        var items = new List<T>(Count);
        for (var i = 0; i < _used; i++)
        {
            if (_slots[i].Item is { } item)
            {
                items.Add(item);
            }
        }

        return items;
    }

    private struct Slot
    {
        public T? Item;
        public uint Generation;
        public int NextFree;
    }
}
