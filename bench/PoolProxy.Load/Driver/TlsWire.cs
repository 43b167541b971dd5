using System.Text;

namespace PoolProxy.Load.Driver;

/// <summary>TLS over a socket, by OpenSSL.</summary>
internal sealed unsafe class TlsWire(nint connection) : Wire
{
    private nint _connection = connection;

    public override bool HoldsBytes => LibSsl.SSL_has_pending(_connection) != 0;

    /// <summary>One step of the handshake.</summary>
    /// <returns>Whether it is complete.</returns>
    public bool Handshake()
    {
        LibSsl.ERR_clear_error();
        int result = LibSsl.SSL_connect(_connection);
        return result == 1 || (Waits(result, "SSL_connect") ? false : throw new BenchException("the peer closed during the TLS handshake"));
    }

    public override int Receive(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            LibSsl.ERR_clear_error();
            int count = LibSsl.SSL_read(_connection, start, buffer.Length);
            if (count > 0)
            {
                return count;
            }
            return Waits(count, "SSL_read") ? 0 : Ended;
        }
    }

    public override int Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            LibSsl.ERR_clear_error();
            int count = LibSsl.SSL_write(_connection, start, bytes.Length);
            if (count > 0)
            {
                return count;
            }
            return Waits(count, "SSL_write") ? 0 : throw new BenchException("the peer closed its TLS session under a write");
        }
    }

    public override void Release()
    {
        if (_connection != 0)
        {
            // Whether the peer answers the close_notify is of no interest: the socket goes next.
            _ = LibSsl.SSL_shutdown(_connection);
            LibSsl.SSL_free(_connection);
            _connection = 0;
        }
    }

    /// <summary>Whether the call has to be made again later; false where the peer has closed.</summary>
    private bool Waits(int result, string call)
    {
        int error = LibSsl.SSL_get_error(_connection, result);
        if (error is LibSsl.ErrorWantRead or LibSsl.ErrorWantWrite)
        {
            return true;
        }
        if (error == LibSsl.ErrorZeroReturn)
        {
            return false;
        }
        ulong code = LibSsl.ERR_get_error();
        byte* text = stackalloc byte[256];
        LibSsl.ERR_error_string_n(code, text, 256);
        string reason = error == LibSsl.ErrorSystemCall && code == 0 ? "the connection broke" : Encoding.ASCII.GetString(new Span<byte>(text, 256)).TrimEnd('\0');
        throw new BenchException($"{call}: {reason}");
    }
}
