namespace PoolProxy.Core.Audit;

/// <summary>Where a chain stands: the last record's number and its hash, 64 lower-case hexadecimal digits.</summary>
/// <param name="Sequence">0 before the first record.</param>
/// <param name="Hash">In ASCII, so that the text of the trail alone is what is hashed.</param>
internal readonly record struct ChainHead(long Sequence, byte[] Hash)
{
    /// <summary>Digits of a hash.</summary>
    public const int HashDigits = 64;

    /// <summary>Before the first record of all: sixty-four zeros.</summary>
    public static ChainHead None => new(0, [.. Enumerable.Repeat((byte)'0', HashDigits)]);

    /// <summary>Whether both are the same place in the same chain.</summary>
    public bool Is(ChainHead other) => Sequence == other.Sequence && Hash.AsSpan().SequenceEqual(other.Hash);

    /// <inheritdoc/>
    public override string ToString() => $"{Sequence}:{System.Text.Encoding.ASCII.GetString(Hash)}";
}
