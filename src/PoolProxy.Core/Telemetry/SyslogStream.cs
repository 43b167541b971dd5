using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace PoolProxy.Core.Telemetry;

/// <summary>
/// The system's log as a stream of whole lines: each becomes a datagram <c>&lt;priority&gt;ident[pid]: text</c> to its socket, as syslog(3) sends it, without
/// the time and process of ours, which the system's log adds itself. It waits for the reader, on the log's own thread.
/// </summary>
internal sealed class SyslogStream : Stream
{
    /// <summary>Where the system's log listens.</summary>
    public const string DefaultPath = "/dev/log";

    private readonly SyslogSettings _settings;
    private readonly Socket _socket;

    /// <exception cref="IOException">Nobody listens there.</exception>
    public SyslogStream(SyslogSettings settings, string path)
    {
        _settings = settings;
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            _socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException failure)
        {
            _socket.Dispose();
            throw new IOException($"{path}: {failure.Message}", failure);
        }
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>One line, in the form of <see cref="LogLine"/>.</summary>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var line = Encoding.UTF8.GetString(buffer.TrimEnd((byte)'\n'));
        var (level, text) = Split(line);
        var datagram = string.Create(CultureInfo.InvariantCulture, $"<{((int)_settings.Facility << 3) | LogLine.SeverityOf(buffer)}>{_settings.Ident}[{Environment.ProcessId}]: {level} {text}");
        try
        {
            _socket.Send(Encoding.UTF8.GetBytes(datagram));
        }
        catch (SocketException failure)
        {
            throw new IOException(failure.Message, failure);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _socket.Dispose();
        }

        base.Dispose(disposing);
    }

    // "time UTC [pid] LEVEL text"
    private static (string Level, string Text) Split(string line)
    {
        var head = line.IndexOf("] ", StringComparison.Ordinal) + 2;
        var end = line.IndexOf(' ', head);
        return end < 0 ? ("LOG", line) : (line[head..end], line[(end + 1)..]);
    }
}
