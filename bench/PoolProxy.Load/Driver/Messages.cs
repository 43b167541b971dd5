using System.Text;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Load.Driver;

/// <summary>Builds what clients send.</summary>
internal static class Messages
{
    /// <summary>The bytes of the messages that <paramref name="write"/> writes.</summary>
    public static byte[] Of(Action<MessageWriter> write)
    {
        using var writer = new MessageWriter();
        write(writer);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>A simple query.</summary>
    public static void Query(this MessageWriter writer, string sql) => Protocol.Messages.Frontend.Query.Write(writer, Encoding.UTF8.GetBytes(sql));

    /// <summary>Parse, Bind, Describe, Execute and Sync with the unnamed statement, as drivers send it.</summary>
    public static void Extended(this MessageWriter writer, string sql, params ReadOnlySpan<string> values)
    {
        writer.Prepare("", sql);
        writer.BindAndExecute("", isDescribed: true, values);
    }

    /// <summary>Parse.</summary>
    public static void Prepare(this MessageWriter writer, string statement, string sql) =>
        Parse.Write(writer, Encoding.UTF8.GetBytes(statement), Encoding.UTF8.GetBytes(sql));

    /// <summary>Bind, Describe of the portal where asked, Execute and Sync.</summary>
    public static void BindAndExecute(this MessageWriter writer, string statement, bool isDescribed, params ReadOnlySpan<string> values)
    {
        var texts = new byte[]?[values.Length];
        for (int index = 0; index < values.Length; index++)
        {
            texts[index] = Encoding.UTF8.GetBytes(values[index]);
        }
        Bind.Write(writer, default, Encoding.UTF8.GetBytes(statement), texts);
        if (isDescribed)
        {
            Describe.Write(writer, StatementOrPortal.Portal, default);
        }
        Execute.Write(writer, default);
        Sync.Write(writer);
    }
}
