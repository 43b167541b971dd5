using System.Buffers;
using System.Text;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Notifications;

/// <summary>What a server that listens is told.</summary>
internal static class ListeningSql
{
    /// <summary>What clients before may have left on the connection goes.</summary>
    public static ReadOnlySpan<byte> Wipe => "DISCARD ALL"u8;

    /// <summary>
    /// Who it is in pg_stat_activity; the encoding that payloads come in; and no end to a session that is idle by nature, whatever timeouts
    /// the login has (those that this version of PostgreSQL knows).
    /// </summary>
    public static byte[] Prepare(string encoding)
    {
        var sql = new ArrayBufferWriter<byte>();
        sql.Write("SET application_name = 'poolproxy listen'; SET client_encoding = "u8);
        SqlQuoting.TryAppendLiteral(sql, Encoding.UTF8.GetBytes(encoding));
        sql.Write("; SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name IN ('idle_session_timeout', 'statement_timeout', 'transaction_timeout')"u8);
        return sql.WrittenSpan.ToArray();
    }

    /// <summary>LISTEN and UNLISTEN of channels, one transaction.</summary>
    public static byte[] Change(IEnumerable<ListenedChannel> listens, IEnumerable<ListenedChannel> unlistens)
    {
        var sql = new ArrayBufferWriter<byte>();
        foreach (var channel in listens)
        {
            Append(sql, "LISTEN "u8, channel);
        }

        foreach (var channel in unlistens)
        {
            Append(sql, "UNLISTEN "u8, channel);
        }

        return sql.WrittenSpan.ToArray();
    }

    /// <summary>Whether a channel of that name can be listened on for clients: its name is text, and not longer than PostgreSQL's own.</summary>
    public static bool MayListen(string name) =>
        !name.Contains('\uFFFD', StringComparison.Ordinal) && SqlQuoting.TryAppendIdentifier(new ArrayBufferWriter<byte>(), Encoding.UTF8.GetBytes(name));

    private static void Append(ArrayBufferWriter<byte> sql, ReadOnlySpan<byte> command, ListenedChannel channel)
    {
        sql.Write(command);
        if (!SqlQuoting.TryAppendIdentifier(sql, Encoding.UTF8.GetBytes(channel.Name)))
        {
            throw new InvalidOperationException("a channel's name that cannot be quoted was claimed");
        }

        sql.Write(";"u8);
    }
}
