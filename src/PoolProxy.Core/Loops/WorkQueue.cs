namespace PoolProxy.Core.Loops;

/// <summary>Callbacks with their state in the order they came; a ring that grows and is then reused, so that queueing allocates nothing.</summary>
internal sealed class WorkQueue
{
    private (Action<object?> Callback, object? State)[] _items = new (Action<object?>, object?)[64];
    private int _head;

    public int Count { get; private set; }

    public void Enqueue(Action<object?> callback, object? state)
    {
        if (Count == _items.Length)
        {
            Grow();
        }

        _items[(_head + Count) & (_items.Length - 1)] = (callback, state);
        Count++;
    }

    public (Action<object?> Callback, object? State) Dequeue()
    {
        ref var item = ref _items[_head];
        var taken = item;
        item = default;
        _head = (_head + 1) & (_items.Length - 1);
        Count--;
        return taken;
    }

    private void Grow()
    {
        var larger = new (Action<object?>, object?)[_items.Length * 2];
        for (var i = 0; i < Count; i++)
        {
            larger[i] = _items[(_head + i) & (_items.Length - 1)];
        }

        _items = larger;
        _head = 0;
    }
}
