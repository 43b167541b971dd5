namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>A column as a server describes it.</summary>
public readonly ref struct ColumnField
{
    internal ColumnField(ReadOnlySpan<byte> name, int type, short format)
    {
        Name = name;
        Type = type;
        Format = format;
    }

    /// <summary>The column's name.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Its type's OID.</summary>
    public int Type { get; }

    /// <summary>0 text, 1 binary.</summary>
    public short Format { get; }
}
