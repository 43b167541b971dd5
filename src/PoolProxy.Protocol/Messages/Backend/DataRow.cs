using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>DataRow (B): one row. Source: protocol-message-formats.html.</summary>
public readonly ref struct DataRow
{
    private const int NullLength = -1;

    private readonly ReadOnlySpan<byte> _values;

    private DataRow(int count, ReadOnlySpan<byte> values)
    {
        Count = count;
        _values = values;
    }

    /// <summary>Number of values; may be 0.</summary>
    public int Count { get; }

    /// <summary>
    /// Reads a message; false when the count is negative or not that of the values, a value's length is less than −1 or more than
    /// what is left (CVE-2026-32286), or bytes follow.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out DataRow message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadInt16(out short count) || count < 0) return false;

        ReadOnlySpan<byte> values = reader.Rest;
        for (int i = 0; i < count; i++)
        {
            if (!TryReadValue(ref reader, out _, out _)) return false;
        }

        if (!reader.IsAtEnd) return false;
        message = new DataRow(count, values);
        return true;
    }

    /// <summary>The value of a column; false for NULL. Walks from the row's start: meant for the few columns of what the proxy itself asks.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such column.</exception>
    public bool TryGetValue(int column, out ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, Count);
        var reader = new BodyReader(_values);
        bool isNull = true;
        value = default;
        for (int i = 0; i <= column; i++) TryReadValue(ref reader, out value, out isNull);
        return !isNull;
    }

    /// <summary>Writes a row of text values, null for NULL.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="RowDescription.MaxColumns"/>.</exception>
    public static void Write(MessageWriter writer, params ReadOnlySpan<string?> values)
    {
        Begin(writer, values.Length);
        foreach (string? value in values) WriteValue(writer, value);
        End(writer);
    }

    /// <summary>Starts a row of that many values; each follows by <see cref="WriteValue(MessageWriter, string?)"/> or one of its kin, then <see cref="End"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="RowDescription.MaxColumns"/>.</exception>
    public static void Begin(MessageWriter writer, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, RowDescription.MaxColumns);
        writer.Begin(BackendType.DataRow);
        writer.WriteInt16((short)count);
    }

    /// <summary>Writes a value as UTF-8, null for NULL.</summary>
    public static void WriteValue(MessageWriter writer, string? value)
    {
        if (value is null)
        {
            writer.WriteInt32(NullLength);
            return;
        }

        writer.WriteInt32(Encoding.UTF8.GetByteCount(value));
        writer.WriteText(value);
    }

    /// <summary>Writes a value that is text already.</summary>
    public static void WriteValue(MessageWriter writer, ReadOnlySpan<byte> value)
    {
        writer.WriteInt32(value.Length);
        writer.WriteBytes(value);
    }

    /// <summary>Writes a whole number as decimal text.</summary>
    public static void WriteValue(MessageWriter writer, long value)
    {
        Span<byte> digits = stackalloc byte[20]; // the length of −2^63
        bool fits = Utf8Formatter.TryFormat(value, digits, out int lengthBytes);
        Debug.Assert(fits, "20 bytes hold any Int64");
        WriteValue(writer, digits[..lengthBytes]);
    }

    /// <summary>Ends the row.</summary>
    public static void End(MessageWriter writer) => writer.End();

    private static bool TryReadValue(scoped ref BodyReader reader, out ReadOnlySpan<byte> value, out bool isNull)
    {
        value = default;
        isNull = false;
        if (!reader.TryReadInt32(out int lengthBytes)) return false;
        if (lengthBytes != NullLength) return reader.TryReadBytes(lengthBytes, out value);

        isNull = true;
        return true;
    }
}
