using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Transport;

/// <summary>The way of plaintext through a TLS channel to the socket: gathered so that one batch becomes as few records and writes as can be.</summary>
internal static unsafe class TlsSending
{
    /// <summary>The plaintext of one TLS record (RFC 8446 §5.1), in bytes.</summary>
    private const int RecordBytes = 16 * 1024;

    /// <summary>Encrypts the segments; with no channel they are dropped.</summary>
    public static void Write(Loop loop, ITlsChannel? tls, SegmentList segments)
    {
        if (tls is null || segments.Count == 0)
        {
            return;
        }

        if (segments.Count == 1)
        {
            tls.Write(segments.BytesOf(0));
            return;
        }

        var gathered = new Span<byte>(loop.WorkBuffers.PlainToSend.Pointer, RecordBytes);
        var filled = 0;
        for (var i = 0; i < segments.Count; i++)
        {
            var bytes = segments.BytesOf(i);
            while (!bytes.IsEmpty)
            {
                if (filled == 0 && bytes.Length >= RecordBytes)
                {
                    // Whole records need no gathering.
                    var whole = bytes.Length - (bytes.Length % RecordBytes);
                    tls.Write(bytes[..whole]);
                    bytes = bytes[whole..];
                    continue;
                }

                var length = Math.Min(bytes.Length, RecordBytes - filled);
                bytes[..length].CopyTo(gathered[filled..]);
                filled += length;
                bytes = bytes[length..];
                if (filled == RecordBytes)
                {
                    tls.Write(gathered);
                    filled = 0;
                }
            }
        }

        if (filled > 0)
        {
            tls.Write(gathered[..filled]);
        }
    }

    /// <summary>Moves what the channel wants sent to the socket.</summary>
    public static void SendPending(Loop loop, ITlsChannel tls, EngineSocket socket)
    {
        while (tls.PendingCipher > 0)
        {
            var buffer = loop.WorkBuffers.CipherToSend;
            var length = tls.TakeCipher(new Span<byte>(buffer.Pointer, buffer.Capacity));
            if (length == 0)
            {
                return;
            }

            socket.Send(new ReadOnlySpan<byte>(buffer.Pointer, length));
        }
    }
}
