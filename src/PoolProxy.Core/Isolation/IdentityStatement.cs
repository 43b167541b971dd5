using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Core.Isolation;

/// <summary>
/// The part of a prelude that carries the signed identity: always a parameter of Bind, because others can read the text of statements in
/// pg_stat_activity and the servers' log. Without Sync: if it fails, PostgreSQL skips the rest of the prelude and the client's bytes. One
/// object a server; its bytes stay as they are until the next <see cref="Write"/>.
/// </summary>
internal sealed class IdentityStatement
{
    /// <summary>No row comes of it: set_config answers a text, which is not null.</summary>
    private static ReadOnlySpan<byte> Sql => "select where pg_catalog.set_config('poolproxy.identity', $1, false) is null"u8;

    private byte[] _bytes = [];

    public int LengthBytes { get; private set; }

    /// <summary>Pinned.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, LengthBytes);

    /// <summary>Writes the messages: <c>[Close]</c> Parse Bind Execute.</summary>
    /// <param name="value">What the signer made.</param>
    /// <param name="name">The statement's name: empty, or, where the unnamed one must not be touched, one that is closed first.</param>
    public void Write(byte[] value, ReadOnlySpan<byte> name)
    {
        using var messages = new MessageWriter(value.Length + 256);
        if (!name.IsEmpty)
        {
            Close.Write(messages, StatementOrPortal.Statement, name);
        }

        Parse.Write(messages, name, Sql);
        Bind.Write(messages, ""u8, name, [value]);
        Execute.Write(messages, ""u8, 0);
        LengthBytes = messages.WrittenLength;
        if (_bytes.Length < LengthBytes)
        {
            _bytes = GC.AllocateUninitializedArray<byte>(LengthBytes + 64, pinned: true);
        }

        messages.WrittenSpan.CopyTo(_bytes);
    }
}
