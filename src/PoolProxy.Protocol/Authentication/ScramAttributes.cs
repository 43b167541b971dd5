namespace PoolProxy.Protocol.Authentication;

/// <summary>A cursor over a SCRAM message: attributes <c>k=value</c>, parted by commas. Source: RFC 5802 §5.1, §7.</summary>
internal ref struct ScramAttributes(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _position;

    /// <summary>Bytes read so far, commas included.</summary>
    public readonly int Position => _position;

    /// <summary>Whether everything has been read.</summary>
    public readonly bool IsAtEnd => _position > _message.Length || _message.IsEmpty;

    /// <summary>Reads up to the next comma, or the end; false when there is nothing more.</summary>
    public bool TryReadPart(out ReadOnlySpan<byte> part)
    {
        part = default;
        if (IsAtEnd) return false;

        ReadOnlySpan<byte> rest = _message[_position..];
        int comma = rest.IndexOf((byte)',');
        part = comma < 0 ? rest : rest[..comma];

        // One past the end when the last part is read: a message that ends in a comma has an empty part behind it.
        _position += part.Length + 1;
        return true;
    }

    /// <summary>Reads the attribute of that name; false when the next one is another.</summary>
    public bool TryRead(byte name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!TryReadPart(out ReadOnlySpan<byte> part) || part.Length < 2 || part[0] != name || part[1] != '=') return false;
        value = part[2..];
        return true;
    }
}
