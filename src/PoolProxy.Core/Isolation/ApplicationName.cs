using System.Text;

namespace PoolProxy.Core.Isolation;

/// <summary>
/// The application_name that a server shows: the client's own, and who is behind it. At most 63 bytes of ASCII, as PostgreSQL would cut
/// it anyway (NAMEDATALEN); where both do not fit, the client's own part is cut, never who it is.
/// </summary>
internal static class ApplicationName
{
    public const int MaxBytes = 63;

    /// <summary>The part that says who: at most this long, so that something of the client's own name remains.</summary>
    public const int MaxTagBytes = 48;

    public static byte[] Compose(ReadOnlySpan<byte> clientsOwn, string tag)
    {
        var room = MaxBytes - (tag.Length == 0 ? 0 : tag.Length + 1);
        var own = ToAscii(Encoding.UTF8.GetString(clientsOwn), room);
        if (tag.Length == 0)
        {
            return own;
        }

        return own.Length == 0 ? Encoding.ASCII.GetBytes(tag) : [.. own, (byte)' ', .. Encoding.ASCII.GetBytes(tag)];
    }

    /// <summary>Printable ASCII; anything else becomes <c>?</c>, as PostgreSQL's own cleaning does.</summary>
    public static byte[] ToAscii(string text, int maxBytes)
    {
        var bytes = new byte[Math.Min(text.Length, maxBytes)];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = text[i] is >= ' ' and <= '~' ? (byte)text[i] : (byte)'?';
        }

        return bytes;
    }
}
