using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Admin.Results;

/// <summary>
/// In which formats a Bind wants its columns: none given is all text, one given is for all, else one a column.
/// Source: protocol-message-formats.html, Bind.
/// </summary>
internal readonly struct ResultFormats
{
    private readonly short[]? _codes;

    private ResultFormats(short[] codes) => _codes = codes;

    /// <summary>How many codes were given.</summary>
    public int Count => _codes?.Length ?? 0;

    /// <summary>Reads what follows the names in a Bind; false when it is malformed. <paramref name="parameterCount"/>: values given.</summary>
    public static bool TryRead(ReadOnlySpan<byte> rest, out int parameterCount, out ResultFormats formats)
    {
        formats = default;
        parameterCount = 0;
        var reader = new BodyReader(rest);
        if (!TryReadCodes(ref reader, out _) || !reader.TryReadInt16(out var count))
        {
            return false;
        }

        parameterCount = (ushort)count;
        for (var i = 0; i < parameterCount; i++)
        {
            if (!reader.TryReadInt32(out var length) || (length != -1 && !reader.TryReadBytes(length, out _)))
            {
                return false;
            }
        }

        if (!TryReadCodes(ref reader, out var codes) || !reader.IsAtEnd)
        {
            return false;
        }

        formats = new ResultFormats(codes);
        return true;
    }

    /// <summary>Whether the column is wanted in binary format.</summary>
    public bool IsBinary(int column) => _codes is { Length: > 0 } codes && codes[codes.Length == 1 ? 0 : column] == 1;

    /// <summary>The codes fit a result of that many columns, and are all known.</summary>
    public bool Fits(int columns) => Count <= 1 || Count == columns;

    private static bool TryReadCodes(scoped ref BodyReader reader, out short[] codes)
    {
        codes = [];
        if (!reader.TryReadInt16(out var count) || !reader.TryReadBytes((ushort)count * sizeof(short), out var bytes))
        {
            return false;
        }

        codes = new short[(ushort)count];
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = System.Buffers.Binary.BinaryPrimitives.ReadInt16BigEndian(bytes[(i * sizeof(short))..]);
            if (codes[i] is not (0 or 1))
            {
                return false;
            }
        }

        return true;
    }
}
