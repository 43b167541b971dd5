using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Isolation;

/// <summary>
/// Signs who is behind a transaction for one server's session (isolation.md §8), so that SQL can tell what the proxy said from what a client
/// has set: <c>v1 KEYID EXPIRES MAC {"claims":…,"iss":…,"sub":…}</c>. The HMAC-SHA256 covers what stands in it and, in the session's own
/// words, its process id, its start, its database and its login, so that it means nothing anywhere else. <c>conf/identity.sql</c> is the
/// other side and must be changed with it. Immutable; any loop may use it.
/// </summary>
internal sealed class IdentitySigner
{
    private readonly byte[] _key;

    /// <param name="key"><c>identity_key</c>: its SHA-256 is the key of the HMAC, as in <c>poolproxy.add_key</c>.</param>
    /// <param name="lifetime"><c>identity_lifetime</c>.</param>
    public IdentitySigner(Secret key, TimeSpan lifetime)
    {
        _key = SHA256.HashData(Encoding.UTF8.GetBytes(key.Value));
        KeyId = Convert.ToHexStringLower(SHA256.HashData(_key).AsSpan(0, 8));
        Lifetime = lifetime;
    }

    /// <summary>Which of the keys in the database it was: the first 8 bytes of the key's SHA-256, in hexadecimal digits.</summary>
    public string KeyId { get; }

    /// <summary>How long what is signed may begin transactions; it is signed anew at a checkout behind half of it.</summary>
    public TimeSpan Lifetime { get; }

    /// <summary>When what is signed now has to be signed anew, in the loop's milliseconds.</summary>
    public long DueMilliseconds(long nowMilliseconds) => nowMilliseconds + (long)(Lifetime.TotalMilliseconds / 2);

    /// <summary>The value of <c>poolproxy.identity</c>: ASCII.</summary>
    public byte[] Sign(ClientIdentity identity, ServerTarget target, BackendSession session, int processId, long nowMilliseconds)
    {
        var expires = session.ToServerMicroseconds(nowMilliseconds) + (long)Lifetime.TotalMicroseconds;
        var head = string.Create(CultureInfo.InvariantCulture, $"v1 {KeyId} {expires} ");
        using var message = new MessageWriter(1024);
        message.WriteText(head);
        message.WriteText(string.Create(CultureInfo.InvariantCulture, $"{processId} {session.StartMicroseconds} "));
        WriteCounted(message, target.Dbname);
        WriteCounted(message, target.User);
        message.WriteBytes(identity.Utf8Signed);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, message.WrittenSpan, mac);
        return [.. Encoding.ASCII.GetBytes(head), .. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(mac)), (byte)' ', .. identity.Utf8Signed];
    }

    /// <summary>With its length in front: no name can look like another and a part of what follows.</summary>
    private static void WriteCounted(MessageWriter message, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        message.WriteText(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length}:"));
        message.WriteBytes(bytes);
        message.WriteText(" ");
    }
}
