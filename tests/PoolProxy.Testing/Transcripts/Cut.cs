namespace PoolProxy.Testing.Transcripts;

/// <summary>How the bytes that a transcript sends are cut into writes.</summary>
/// <param name="At">Where the first write of each block ends, counted from its start; 0 for one write, <see cref="EveryByte"/> for as many writes as bytes.</param>
public readonly record struct Cut(int At)
{
    private const int AllBytes = -1;

    /// <summary>One write a block.</summary>
    public static Cut None => new(0);

    /// <summary>Every byte is a write of its own, and the peer has read it before the next is sent.</summary>
    public static Cut EveryByte => new(AllBytes);

    /// <summary>The sizes of the writes before the last, for a block of that many bytes.</summary>
    public IEnumerable<int> Sizes(int blockBytes) => At switch
    {
        AllBytes => Enumerable.Repeat(1, blockBytes),
        0 => [],
        _ => [At],
    };
}
