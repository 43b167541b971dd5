using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace PoolProxy.Protocol.Sql;

/// <summary>The first bytes of a name or literal, kept in the struct itself; counts what no longer fitted.</summary>
internal struct NameBuffer
{
    /// <summary>How many bytes are kept: one more than an identifier of PostgreSQL has (NAMEDATALEN − 1 = 63).</summary>
    public const int Capacity = 64;

    private Bytes _bytes;
    private int _length;

    /// <summary>The bytes appended so far, at most <see cref="Capacity"/>.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Span => ((ReadOnlySpan<byte>)_bytes)[.._length];

    /// <summary>Whether more was appended than is kept.</summary>
    public bool IsOverlong { get; private set; }

    /// <summary>Appends a byte, if it still fits.</summary>
    public void Append(byte value)
    {
        if (_length < Capacity)
            _bytes[_length++] = value;
        else
            IsOverlong = true;
    }

    /// <summary>Appends bytes, as far as they fit.</summary>
    public void Append(ReadOnlySpan<byte> values)
    {
        int fitting = Math.Min(values.Length, Capacity - _length);
        values[..fitting].CopyTo(((Span<byte>)_bytes)[_length..]);
        _length += fitting;
        IsOverlong |= fitting != values.Length;
    }

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        _length = 0;
        IsOverlong = false;
    }

    [InlineArray(Capacity)]
    private struct Bytes
    {
        private byte _first;
    }
}
