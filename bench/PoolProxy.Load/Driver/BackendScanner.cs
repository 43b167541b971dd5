using System.Buffers.Binary;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Load.Driver;

/// <summary>
/// Walks over a server's bytes, cut anywhere, and tells which messages are there. Rows are stepped over by their length, never looked at.
/// Bound: a body that matters has at most <see cref="MaxBodyBytes"/>.
/// </summary>
internal sealed class BackendScanner
{
    private const int HeaderBytes = 5;
    private const int MaxBodyBytes = 64 * 1024;

    private readonly byte[] _header = new byte[HeaderBytes];
    private int _headerLength;
    private int _skip;
    private byte _type;
    private byte[] _body = [];
    private int _bodyLength;
    private int _bodyMissing;

    /// <summary>Takes the next bytes.</summary>
    /// <exception cref="BenchException">A length that no message can have.</exception>
    public void Read(ReadOnlySpan<byte> bytes, IMessageSink sink)
    {
        while (!bytes.IsEmpty)
        {
            if (_skip > 0)
            {
                int step = Math.Min(_skip, bytes.Length);
                _skip -= step;
                bytes = bytes[step..];
            }
            else if (_bodyMissing > 0)
            {
                bytes = bytes[Collect(bytes, sink)..];
            }
            else if (_headerLength == 0 && bytes.Length >= HeaderBytes)
            {
                int length = Begin(bytes);
                bytes = bytes[HeaderBytes..];
                bytes = bytes[Enter(length, bytes, sink)..];
            }
            else
            {
                int step = Math.Min(HeaderBytes - _headerLength, bytes.Length);
                bytes[..step].CopyTo(_header.AsSpan(_headerLength));
                _headerLength += step;
                bytes = bytes[step..];
                if (_headerLength == HeaderBytes)
                {
                    _headerLength = 0;
                    bytes = bytes[Enter(Begin(_header), bytes, sink)..];
                }
            }
        }
    }

    private int Begin(ReadOnlySpan<byte> header)
    {
        _type = header[0];
        int length = BinaryPrimitives.ReadInt32BigEndian(header[1..]) - sizeof(int);
        return length >= 0 ? length : throw new BenchException($"message '{(char)_type}' has the length {length + sizeof(int)}");
    }

    /// <summary>Behind a header: what of the body is there. Returns how many bytes were used.</summary>
    private int Enter(int length, ReadOnlySpan<byte> bytes, IMessageSink sink)
    {
        if (_type is not (BackendType.ReadyForQuery or BackendType.ErrorResponse or BackendType.Authentication))
        {
            sink.OnMessage(_type);
            int step = Math.Min(length, bytes.Length);
            _skip = length - step;
            return step;
        }
        if (length <= bytes.Length)
        {
            sink.OnMessage(_type, bytes[..length]);
            return length;
        }
        if (length > MaxBodyBytes)
        {
            throw new BenchException($"message '{(char)_type}' has {length} bytes");
        }
        _body = new byte[length];
        _bodyLength = 0;
        _bodyMissing = length;
        return 0;
    }

    private int Collect(ReadOnlySpan<byte> bytes, IMessageSink sink)
    {
        int step = Math.Min(_bodyMissing, bytes.Length);
        bytes[..step].CopyTo(_body.AsSpan(_bodyLength));
        _bodyLength += step;
        _bodyMissing -= step;
        if (_bodyMissing == 0)
        {
            byte[] body = _body;
            _body = [];
            sink.OnMessage(_type, body);
        }
        return step;
    }
}
