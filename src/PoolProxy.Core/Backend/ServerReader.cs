using PoolProxy.Core.Loops;
using PoolProxy.Core.Transport;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Backend;

/// <summary>
/// Reads what a server sends, a chunk at a time:
/// 1. finish a message that an earlier read cut (bytes being passed on uninspected, or a carried one that is looked at whole);
/// 2. walk the frames; those that only pass are never looked into, and neighbours become one run;
/// 3. hand each message that means something to <see cref="ServerMessages"/>, which says whether it passes or is swallowed;
/// 4. carry over the cut rest of a message that must be seen whole; end the chunk.
/// </summary>
internal sealed class ServerReader : IConnectionHandler
{
    /// <summary>An inspected message (an error, a parameter) longer than this passes uninspected: its fields are only for the books.</summary>
    private const int MaxInspectedBytes = 64 * 1024;

    private readonly ServerConnection _server;
    private readonly ServerMessages _messages;
    private readonly ServerAnswers _answers;
    private LoopBuffer? _carried;
    private long _passing;
    private bool _isPassingForward;
    private byte _lastType;
    private bool _lastForward;

    public ServerReader(ServerConnection server)
    {
        _server = server;
        _answers = new ServerAnswers(server);
        _messages = new ServerMessages(server, _answers);
    }

    public ServerAnswers Answers => _answers;

    /// <summary>Between messages: nothing of one is kept, or yet to come.</summary>
    public bool IsAtRest => _carried is null && _passing == 0;

    /// <summary>The rest of a message is to come whose head has been passed on.</summary>
    public bool IsPassingForward => _passing > 0 && _isPassingForward;

    public void OnReceived(Connection connection, in ReceivedBytes bytes)
    {
        try
        {
            Read(in bytes);
        }
        catch
        {
            _server.Link?.Flush();
            _server.Riders?.EndOfBytes();
            throw;
        }

        if (!_server.IsClosed)
        {
            _server.Link?.EndOfBytes();
        }

        _server.Riders?.EndOfBytes();
    }

    public void OnDrained(Connection connection) => _server.Link?.ServerDrained();

    public void OnEnd(Connection connection, ConnectionEnd end) => _server.Close(CloseReason.ServerLost);

    /// <summary>The server is closed: the buffer of a cut message goes back.</summary>
    public void Release()
    {
        _carried?.Return();
        _carried = null;
    }

    /// <summary>Bytes that login had read beyond its end; they are in nobody's engine memory.</summary>
    public unsafe void ReadLeftover(ReadOnlySpan<byte> leftover)
    {
        fixed (byte* pointer = leftover)
        {
            var bytes = new ReceivedBytes(pointer, leftover.Length, ReceivedBytes.NotRetainable);
            Read(in bytes);
        }
    }

    private void Read(in ReceivedBytes bytes)
    {
        var span = bytes.Span;
        var position = 0;
        if (_carried is not null && !FinishCarried(span, ref position))
        {
            return;
        }

        var runStart = position;
        while (position < span.Length && !_server.IsClosed)
        {
            if (_passing > 0)
            {
                var length = (int)Math.Min(_passing, span.Length - position);
                if (!_isPassingForward)
                {
                    EndRun(in bytes, runStart, position);
                    runStart = position + length;
                }

                position += length;
                _passing -= length;
                continue;
            }

            var rest = span[position..];
            var status = Frame.TryReadHeader(rest, out var type, out var total);
            if (status == FrameStatus.Malformed)
            {
                EndRun(in bytes, runStart, position);
                _server.Close(CloseReason.ProtocolViolation);
                return;
            }

            if (status == FrameStatus.NeedMore || (total > rest.Length && IsInspected(type) && total <= MaxInspectedBytes))
            {
                EndRun(in bytes, runStart, position);
                Carry(rest);
                return;
            }

            var body = total <= rest.Length ? rest[Frame.HeaderLength..(int)total] : default;
            bool forward;
            if (type == BackendType.DataRow && _lastType == type && _lastForward)
            {
                forward = true;
            }
            else
            {
                if (type == BackendType.ParameterStatus)
                {
                    // The client may be told another value in its place, right here: what ran before goes first.
                    EndRun(in bytes, runStart, position);
                    runStart = position;
                }

                forward = _messages.Handle(type, body);
                if (_messages.IsViolated)
                {
                    EndRun(in bytes, runStart, position);
                    _server.Close(CloseReason.ProtocolViolation);
                }

                if (_server.IsClosed)
                {
                    return;
                }

                _lastType = type;
                _lastForward = forward;
            }

            var inChunk = (int)Math.Min(total, rest.Length);
            _passing = total - inChunk;
            _isPassingForward = forward;
            if (!forward)
            {
                EndRun(in bytes, runStart, position);
                runStart = position + inChunk;
            }

            position += inChunk;
            if (type == BackendType.ReadyForQuery && _server.Riders is { IsTurnOver: true } riders)
            {
                EndRun(in bytes, runStart, position);
                runStart = position;
                riders.PassOn();
                if (_server.IsClosed)
                {
                    return;
                }
            }

            if (_answers.HasAfterword)
            {
                EndRun(in bytes, runStart, position);
                runStart = position;
                _answers.SayAfterword();
            }
        }

        if (!_server.IsClosed)
        {
            EndRun(in bytes, runStart, position);
        }
    }

    private static bool IsInspected(byte type) => type is BackendType.ErrorResponse or BackendType.NoticeResponse or BackendType.ParameterStatus
        or BackendType.CommandComplete or BackendType.ReadyForQuery or BackendType.BackendKeyData or BackendType.NotificationResponse;

    private void EndRun(in ReceivedBytes bytes, int start, int end)
    {
        if (end > start)
        {
            _server.Link?.Forward(in bytes, start, end - start);
        }
    }

    private void Carry(ReadOnlySpan<byte> rest)
    {
        _carried = _server.Loop.Buffers.Rent(Math.Max(rest.Length, 4096));
        _carried.Append(rest);
    }

    /// <summary>Adds what the carried message lacks; false while it is still not whole.</summary>
    private bool FinishCarried(ReadOnlySpan<byte> span, ref int position)
    {
        var carried = _carried!;
        if (!Take(ref carried, span, ref position, Frame.HeaderLength))
        {
            return false;
        }

        if (Frame.TryReadHeader(carried.Span, out var type, out var total) == FrameStatus.Malformed)
        {
            _server.Close(CloseReason.ProtocolViolation);
            return false;
        }

        // Only its header had been cut: the rest may pass uninspected like that of any other message.
        var wanted = !IsInspected(type) || total > MaxInspectedBytes ? Frame.HeaderLength : (int)total;
        if (!Take(ref carried, span, ref position, wanted))
        {
            return false;
        }

        _carried = null;
        var message = carried.Span;
        var forward = _messages.Handle(type, message[Frame.HeaderLength..]);
        if (_messages.IsViolated)
        {
            _server.Close(CloseReason.ProtocolViolation);
        }

        if (!_server.IsClosed)
        {
            if (forward)
            {
                _server.Link?.ForwardCopy(message);
            }

            _passing = total - message.Length;
            _isPassingForward = forward;
            _lastType = 0;
            if (_server.Riders is { IsTurnOver: true } riders)
            {
                riders.PassOn();
            }

            if (_answers.HasAfterword)
            {
                _answers.SayAfterword();
            }
        }

        carried.Return();
        return !_server.IsClosed;
    }

    private bool Take(ref LoopBuffer carried, ReadOnlySpan<byte> span, ref int position, int wanted)
    {
        var missing = wanted - carried.Length;
        if (missing <= 0)
        {
            return true;
        }

        if (carried.Capacity < wanted)
        {
            var larger = _server.Loop.Buffers.Rent(wanted);
            larger.Append(carried.Span);
            carried.Return();
            _carried = carried = larger;
        }

        var length = Math.Min(missing, span.Length - position);
        carried.Append(span.Slice(position, length));
        position += length;
        return length == missing;
    }
}
