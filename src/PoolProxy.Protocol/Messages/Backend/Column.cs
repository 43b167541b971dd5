namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>A column of a result that the proxy itself sends, in text format.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">Its type's OID; see <see cref="TypeOid"/>.</param>
public readonly record struct Column(string Name, int Type = TypeOid.Text)
{
    /// <summary>The type's size as RowDescription states it: bytes, or −1 where it varies.</summary>
    public short TypeLengthBytes => Type switch
    {
        TypeOid.Bool => 1,
        TypeOid.Int4 => 4,
        TypeOid.Int8 => 8,
        _ => -1,
    };
}
