namespace PoolProxy.Core.Backend.Parameters;

/// <summary>
/// The tracked parameters of a client or a server at one moment: immutable and interned by <see cref="ParameterRegistry"/>, so that
/// linking compares two references. Values are UTF-8 bytes as reported or asked for; null where nothing is known.
/// </summary>
internal sealed class ParameterSet
{
    private readonly byte[]?[] _values;

    internal ParameterSet(byte[]?[] values, int hash)
    {
        _values = values;
        Hash = hash;
        FoldedKey = this;
    }

    /// <summary>A value that none equals: it stands for one of a server's that nobody knows.</summary>
    public static ReadOnlySpan<byte> Unknown => "\0"u8;

    internal int Hash { get; }

    internal int Length => _values.Length;

    /// <summary>One object for all sets that agree in every parameter folded at Parse: the statements' key.</summary>
    public object FoldedKey { get; internal set; }

    /// <summary>The value, or null where the session's own default holds.</summary>
    public byte[]? this[int index] => index < _values.Length ? _values[index] : null;

    public byte[]? this[ParameterName name] => this[name.Index];

    /// <summary>Equal in content; the reference is compared first, and in the steady state that is all.</summary>
    public bool SameAs(ParameterSet other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (Hash != other.Hash)
        {
            return false;
        }

        for (var i = Math.Max(Length, other.Length) - 1; i >= 0; i--)
        {
            if (!SameValue(this[i], other[i]))
            {
                return false;
            }
        }

        return true;
    }

    internal byte[]?[] CopyValues(int length)
    {
        var copy = new byte[]?[Math.Max(length, _values.Length)];
        _values.CopyTo(copy, 0);
        return copy;
    }

    internal static bool SameValue(byte[]? x, byte[]? y) =>
        ReferenceEquals(x, y) || (x is not null && y is not null && x.AsSpan().SequenceEqual(y));
}
