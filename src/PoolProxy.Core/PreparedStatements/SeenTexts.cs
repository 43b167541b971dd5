namespace PoolProxy.Core.PreparedStatements;

/// <summary>
/// Which texts came by before, so that one is kept prepared from its second use on and a text that comes once costs nothing. Remembers
/// <see cref="Capacity"/> of them by hash, each in the one place that its hash names: a newcomer takes the place of another. Two texts
/// with one hash are taken for the same, and then one of them is kept a use too early. Owned by one loop.
/// </summary>
internal sealed class SeenTexts
{
    /// <summary>How many texts are remembered; a power of two.</summary>
    public const int Capacity = 4096;

    private readonly int[] _hashes = new int[Capacity];

    /// <summary>Notes a text; answers whether it was noted before.</summary>
    public bool Notice(int hash)
    {
        ref var place = ref _hashes[hash & (Capacity - 1)];
        // 0 stands for nothing.
        hash |= 1 << 31;
        var isKnown = place == hash;
        place = hash;
        return isKnown;
    }
}
