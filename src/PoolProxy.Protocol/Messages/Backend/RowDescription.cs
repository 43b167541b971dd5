using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>RowDescription (B): the columns of the rows to come; enumerable by <c>foreach</c>. Source: protocol-message-formats.html.</summary>
public readonly ref struct RowDescription
{
    /// <summary>The most columns: the count is an Int16.</summary>
    public const int MaxColumns = short.MaxValue;

    private readonly ReadOnlySpan<byte> _columns;

    private RowDescription(int count, ReadOnlySpan<byte> columns)
    {
        Count = count;
        _columns = columns;
    }

    /// <summary>Number of columns; may be 0.</summary>
    public int Count { get; }

    /// <summary>Reads a message; false when the count is negative or not that of the columns behind it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out RowDescription message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadInt16(out short count) || count < 0) return false;

        ReadOnlySpan<byte> columns = reader.Rest;
        for (int i = 0; i < count; i++)
        {
            if (!TryReadColumn(ref reader, out _)) return false;
        }

        if (!reader.IsAtEnd) return false;
        message = new RowDescription(count, columns);
        return true;
    }

    /// <summary>Writes a message whose columns are all in text format and belong to no table.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="MaxColumns"/>.</exception>
    public static void Write(MessageWriter writer, params ReadOnlySpan<Column> columns)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns.Length, MaxColumns, nameof(columns));
        writer.Begin(BackendType.RowDescription);
        writer.WriteInt16((short)columns.Length);
        foreach (Column column in columns)
        {
            writer.WriteCString(column.Name);
            writer.WriteInt32(0); // table's OID
            writer.WriteInt16(0); // attribute number
            writer.WriteInt32(column.Type);
            writer.WriteInt16(column.TypeLengthBytes);
            writer.WriteInt32(-1); // type modifier
            writer.WriteInt16(0); // text format
        }

        writer.End();
    }

    /// <summary>For <c>foreach</c>.</summary>
    public Enumerator GetEnumerator() => new(_columns);

    private static bool TryReadColumn(scoped ref BodyReader reader, out ColumnField column)
    {
        column = default;
        if (!reader.TryReadCString(out ReadOnlySpan<byte> name)) return false;
        if (!reader.TryReadInt32(out _) || !reader.TryReadInt16(out _)) return false; // table, attribute
        if (!reader.TryReadInt32(out int type) || !reader.TryReadInt16(out _)) return false; // type, its length
        if (!reader.TryReadInt32(out _) || !reader.TryReadInt16(out short format)) return false; // modifier, format

        column = new ColumnField(name, type, format);
        return true;
    }

    /// <summary>Walks over the columns.</summary>
    public ref struct Enumerator
    {
        private BodyReader _reader;
        private ColumnField _current;

        internal Enumerator(ReadOnlySpan<byte> columns)
        {
            _reader = new BodyReader(columns);
            _current = default;
        }

        /// <summary>The column reached last.</summary>
        public readonly ColumnField Current => _current;

        /// <summary>Goes to the next column; false behind the last one.</summary>
        public bool MoveNext() => TryReadColumn(ref _reader, out _current);
    }
}
