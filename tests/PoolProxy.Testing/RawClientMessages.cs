using System.Text;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Testing;

/// <summary>The frontend's messages, one method each: it puts the message into the client's buffer, and nothing is sent yet.</summary>
public static class RawClientMessages
{
    /// <summary>Puts a Query.</summary>
    public static RawClient Query(this RawClient client, string sql) => client.Put(FrontendType.Query, writer => writer.WriteCString(sql));

    /// <summary>Puts a Parse.</summary>
    public static RawClient Parse(this RawClient client, string statement, string sql, params int[] parameterTypes) => client.Put(FrontendType.Parse, writer =>
    {
        writer.WriteCString(statement);
        writer.WriteCString(sql);
        writer.WriteInt16((short)(ushort)parameterTypes.Length);
        foreach (int type in parameterTypes)
        {
            writer.WriteInt32(type);
        }
    });

    /// <summary>Puts a Bind with text parameters, null for null, and text results.</summary>
    public static RawClient Bind(this RawClient client, string portal, string statement, params string?[] values) => client.Put(FrontendType.Bind, writer =>
    {
        writer.WriteCString(portal);
        writer.WriteCString(statement);
        writer.WriteInt16(0);
        writer.WriteInt16((short)(ushort)values.Length);
        foreach (string? value in values)
        {
            writer.WriteInt32(value is null ? -1 : Encoding.UTF8.GetByteCount(value));
            writer.WriteText(value);
        }
        writer.WriteInt16(0);
    });

    /// <summary>Puts a Describe of a statement.</summary>
    public static RawClient DescribeStatement(this RawClient client, string name) => client.Named(FrontendType.Describe, 'S', name);

    /// <summary>Puts a Describe of a portal.</summary>
    public static RawClient DescribePortal(this RawClient client, string name = "") => client.Named(FrontendType.Describe, 'P', name);

    /// <summary>Puts an Execute.</summary>
    public static RawClient Execute(this RawClient client, string portal = "", int maxRows = 0) => client.Put(FrontendType.Execute, writer =>
    {
        writer.WriteCString(portal);
        writer.WriteInt32(maxRows);
    });

    /// <summary>Puts a Close of a statement.</summary>
    public static RawClient CloseStatement(this RawClient client, string name) => client.Named(FrontendType.Close, 'S', name);

    /// <summary>Puts a Close of a portal.</summary>
    public static RawClient ClosePortal(this RawClient client, string name = "") => client.Named(FrontendType.Close, 'P', name);

    /// <summary>Puts a Sync.</summary>
    public static RawClient Sync(this RawClient client) => client.Put(FrontendType.Sync, static _ => { });

    /// <summary>Puts a Flush.</summary>
    public static RawClient Flush(this RawClient client) => client.Put(FrontendType.Flush, static _ => { });

    /// <summary>Puts a CopyData.</summary>
    public static RawClient CopyData(this RawClient client, ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        return client.Put(FrontendType.CopyData, writer => writer.WriteBytes(copy));
    }

    /// <summary>Puts a CopyDone.</summary>
    public static RawClient CopyDone(this RawClient client) => client.Put(FrontendType.CopyDone, static _ => { });

    /// <summary>Puts a CopyFail.</summary>
    public static RawClient CopyFail(this RawClient client, string reason) => client.Put(FrontendType.CopyFail, writer => writer.WriteCString(reason));

    /// <summary>Puts a PasswordMessage.</summary>
    public static RawClient Password(this RawClient client, string password) => client.Put(FrontendType.Password, writer => writer.WriteCString(password));

    /// <summary>Puts a Terminate.</summary>
    public static RawClient Terminate(this RawClient client) => client.Put(FrontendType.Terminate, static _ => { });

    private static RawClient Named(this RawClient client, byte type, char kind, string name) => client.Put(type, writer =>
    {
        writer.WriteByte((byte)kind);
        writer.WriteCString(name);
    });

    private static RawClient Put(this RawClient client, byte type, Action<MessageWriter> body)
    {
        using var writer = new MessageWriter();
        writer.Begin(type);
        body(writer);
        writer.End();
        return client.Put(writer.WrittenSpan);
    }
}
