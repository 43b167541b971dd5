using System.Buffers.Binary;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Relay.Replication;

/// <summary>Follows where messages begin in a stream that passes uninspected: something can be said between two messages only.</summary>
internal struct FrameTracker
{
    private ulong _header;
    private int _headerBytes;
    private long _rest;

    /// <summary>The type of the message that began last; 0 before the first.</summary>
    public byte LastType { get; private set; }

    /// <summary>The stream stands between two messages.</summary>
    public readonly bool IsBetweenMessages => _rest == 0 && _headerBytes == 0;

    /// <summary>False where a length cannot be: the stream is no longer one of messages.</summary>
    public bool TryPass(ReadOnlySpan<byte> bytes)
    {
        Span<byte> header = stackalloc byte[8];
        while (!bytes.IsEmpty)
        {
            if (_rest > 0)
            {
                var passed = (int)Math.Min(_rest, bytes.Length);
                _rest -= passed;
                bytes = bytes[passed..];
                continue;
            }

            BinaryPrimitives.WriteUInt64LittleEndian(header, _header);
            var taken = Math.Min(Frame.HeaderLength - _headerBytes, bytes.Length);
            bytes[..taken].CopyTo(header[_headerBytes..]);
            bytes = bytes[taken..];
            _headerBytes += taken;
            _header = BinaryPrimitives.ReadUInt64LittleEndian(header);
            if (_headerBytes < Frame.HeaderLength)
            {
                return true;
            }

            LastType = header[0];

            // protocol-message-formats.html: the length counts itself, and not the type.
            var length = BinaryPrimitives.ReadInt32BigEndian(header[1..]);
            if (length < 4)
            {
                return false;
            }

            (_rest, _header, _headerBytes) = (length - 4, 0, 0);
        }

        return true;
    }
}
