using System.Buffers.Binary;

namespace PoolProxy.Protocol.Framing;

/// <summary>
/// A cursor over a message's body. Each method answers false, and leaves the cursor where it is, when the body is too short;
/// nothing is copied or allocated.
/// </summary>
public ref struct BodyReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts at the first byte of a body (behind type and length).</summary>
    public BodyReader(ReadOnlySpan<byte> body) => _rest = body;

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Whether the whole body has been read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Reads one byte.</summary>
    public bool TryReadByte(out byte value)
    {
        if (_rest.IsEmpty)
        {
            value = 0;
            return false;
        }

        value = _rest[0];
        _rest = _rest[1..];
        return true;
    }

    /// <summary>Reads an Int16, big-endian.</summary>
    public bool TryReadInt16(out short value)
    {
        if (!BinaryPrimitives.TryReadInt16BigEndian(_rest, out value)) return false;
        _rest = _rest[sizeof(short)..];
        return true;
    }

    /// <summary>Reads an Int32, big-endian.</summary>
    public bool TryReadInt32(out int value)
    {
        if (!BinaryPrimitives.TryReadInt32BigEndian(_rest, out value)) return false;
        _rest = _rest[sizeof(int)..];
        return true;
    }

    /// <summary>Reads that many bytes; a negative number is refused.</summary>
    public bool TryReadBytes(int lengthBytes, out ReadOnlySpan<byte> bytes)
    {
        if ((uint)lengthBytes > (uint)_rest.Length)
        {
            bytes = default;
            return false;
        }

        bytes = _rest[..lengthBytes];
        _rest = _rest[lengthBytes..];
        return true;
    }

    /// <summary>Reads a String: the bytes before the next NUL. Refused when there is none.</summary>
    public bool TryReadCString(out ReadOnlySpan<byte> text)
    {
        int end = _rest.IndexOf((byte)0);
        if (end < 0)
        {
            text = default;
            return false;
        }

        text = _rest[..end];
        _rest = _rest[(end + 1)..];
        return true;
    }
}
