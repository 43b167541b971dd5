using PoolProxy.Core.Loops;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Relay;

/// <summary>
/// Reads what a client sends, a chunk at a time:
/// 1. pass on the rest of a message that streams (a long one whose head has gone already);
/// 2. walk the frames; each whole one is handed to <see cref="RequestMessages"/>; neighbours that pass become one run;
/// 3. what is cut, or may not go yet, is kept in a buffer of its own, and while that is so the client is not read beyond one chunk;
/// 4. everything that may go leaves in one write.
/// An idle client owns no buffer: the buffer goes back as soon as it is empty.
/// </summary>
internal sealed class RequestReader(RelayClient client)
{
    /// <summary>A message whose first 64 KiB do not even hold its names is not a message.</summary>
    private const int MaxNamesBytes = 64 * 1024;

    /// <summary>What is read ahead of a client whose messages cannot go yet.</summary>
    private const int MaxWaitingBytes = 64 * 1024;

    private readonly RequestMessages _messages = new(client);
    private LoopBuffer? _pending;
    private int _pendingStart;
    private int _againBytes;
    private long _streaming;
    private bool _isStreamDropped;
    private bool _isProcessing;

    /// <summary>Part of a message is on the server and the rest is not: that server can serve nobody else.</summary>
    public bool IsMidMessage => _streaming > 0 && !_isStreamDropped;

    /// <summary>A whole message waits that was not allowed to go.</summary>
    public bool IsBlocked { get; private set; }

    public RequestMessages Messages => _messages;

    /// <summary>Everything that came has gone.</summary>
    public bool IsAtRest => _pending is null && _streaming == 0 && !_isProcessing;

    public void Receive(in ReceivedBytes bytes)
    {
        if (_pending is null)
        {
            var input = new RequestBytes(in bytes);
            var taken = Process(in input);
            if (!client.IsEnded && taken < bytes.Length)
            {
                Keep(bytes.Span[taken..]);
            }
        }
        else
        {
            Keep(bytes.Span);
            ProcessPending();
        }

        Regulate();
    }

    /// <summary>
    /// Handles a batch once more, ahead of whatever waits: the server has undone it, and the client was told nothing. The bytes are this
    /// reader's from here on.
    /// </summary>
    public void Repeat(LoopBuffer batch)
    {
        _againBytes = batch.Length;
        if (_pending is { } pending)
        {
            _pending = batch;
            var waiting = pending.Span[_pendingStart..];
            _pendingStart = 0;
            Keep(waiting);
            pending.Return();
        }
        else
        {
            _pending = batch;
        }

        Resume();
    }

    /// <summary>Something has changed that may let waiting messages go.</summary>
    public void Resume()
    {
        if (_pending is not null && !_isProcessing)
        {
            ProcessPending();
        }

        Regulate();
    }

    public void Dispose()
    {
        if (!_isProcessing)
        {
            _pending?.Return();
            _pending = null;
        }
    }

    /// <summary>The server that was getting a long message is gone: the rest of it goes nowhere.</summary>
    public void DropRestOfMessage() => _isStreamDropped = true;

    /// <summary>Reads from the client only while its messages can go somewhere: memory stays bounded.</summary>
    public void Regulate()
    {
        if (client.IsEnded)
        {
            return;
        }

        // A client that waits is read on up to a bound, or nobody would notice that it has left. One that does not read its answers gets no further ones.
        if ((IsBlocked && _pending is { } pending && pending.Length - _pendingStart >= MaxWaitingBytes) || client.IsServerCongested || client.IsCongested)
        {
            client.Connection.PauseReading();
        }
        else
        {
            client.Connection.ResumeReading();
        }
    }

    private unsafe void ProcessPending()
    {
        var pending = _pending!;
        _isProcessing = true;
        int taken;
        try
        {
            var input = new RequestBytes(pending.Pointer + _pendingStart, pending.Length - _pendingStart);
            taken = Process(in input);
        }
        finally
        {
            _isProcessing = false;
        }

        _pendingStart += taken;
        if (client.IsEnded || _pendingStart == pending.Length)
        {
            _pendingStart = 0;
            _pending = null;
            pending.Return();
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        var buffer = _pending;
        var kept = buffer is null ? 0 : buffer.Length - _pendingStart;
        if (buffer is null || buffer.Free.Length < bytes.Length)
        {
            var larger = client.Shared.Loop.Buffers.Rent(kept + bytes.Length);
            if (buffer is not null)
            {
                larger.Append(buffer.Span[_pendingStart..]);
                buffer.Return();
            }

            _pending = buffer = larger;
            _pendingStart = 0;
        }

        buffer.Append(bytes);
    }

    /// <summary>
    /// Handles what it can and sends it. Answers how many bytes are done with. The lists are the loop's: whatever goes wrong, nothing of
    /// this client may stay in them for the next.
    /// </summary>
    private int Process(in RequestBytes input)
    {
        try
        {
            return Walk(in input);
        }
        catch
        {
            client.Shared.ToServer.Clear();
            client.Shared.ToClient.Clear();
            throw;
        }
    }

    private int Walk(in RequestBytes input)
    {
        IsBlocked = false;
        var span = input.Span;
        var output = client.Shared.ToServer;
        var position = 0;
        var runStart = 0;
        var isCongested = client.IsCongested;
        var hasStreamEnded = false;
        while (position < span.Length && !client.IsEnded)
        {
            if (_streaming > 0)
            {
                var length = (int)Math.Min(_streaming, span.Length - position);
                if (_isStreamDropped)
                {
                    input.AddTo(output, runStart, position - runStart);
                    runStart = position + length;
                }

                position += length;
                _streaming -= length;
                hasStreamEnded |= _streaming == 0 && !_isStreamDropped;
                continue;
            }

            if (isCongested)
            {
                // Until it has read what it was sent. This holds back no server that is done with it.
                break;
            }

            if (client.Link.Ride.IsHeld)
            {
                // Another client's request follows this client's: what is sent now would come behind that.
                IsBlocked = true;
                break;
            }

            var rest = span[position..];
            if (client.Run is { } run && !client.IsLinked)
            {
                run.Look(rest);
            }

            var status = Frame.TryReadHeader(rest, out var type, out var total);
            if (status == FrameStatus.NeedMore)
            {
                break;
            }

            if (status == FrameStatus.Malformed)
            {
                client.ViolateHeader(rest);
                return span.Length;
            }

            if (total > client.Settings.MaxPacketSize)
            {
                client.ViolateLength(total, client.Settings.MaxPacketSize);
                return span.Length;
            }

            if (total > RequestMessages.ShortBytes && RequestMessages.IsShort(type))
            {
                client.ViolateLength(total, RequestMessages.ShortBytes);
                return span.Length;
            }

            if (!output.HasRoom(16, 4096) && client.Dressed is { } sendable)
            {
                input.AddTo(output, runStart, position - runStart);
                runStart = position;
                sendable.Send(output);
            }

            var inChunk = (int)Math.Min(total, rest.Length);
            if (total > rest.Length && !_messages.MayStream(type, total))
            {
                break;
            }

            var before = position;
            input.AddTo(output, runStart, position - runStart);
            runStart = position;
            var fate = _messages.Handle(in input, before, type, inChunk, total);
            if (fate == RequestFate.Blocked)
            {
                IsBlocked = true;
                break;
            }

            if (fate == RequestFate.NeedsMore)
            {
                if (rest.Length > MaxNamesBytes)
                {
                    client.ViolateHeader(rest);
                    return span.Length;
                }

                break;
            }

            if (fate == RequestFate.Ended)
            {
                return span.Length;
            }

            if (client.Batch.IsOpen)
            {
                client.Batch.Add(type, rest[..inChunk], isWhole: inChunk == total);
            }

            if (_againBytes > 0 && (_againBytes -= inChunk) <= 0)
            {
                client.Link.AllSentAgain();
            }

            position += inChunk;
            _streaming = total - inChunk;
            _isStreamDropped = fate == RequestFate.Done && !_messages.StreamsRest;
            if (fate == RequestFate.Done)
            {
                runStart = position;
            }
        }

        if (client.IsEnded)
        {
            output.Clear();
            return span.Length;
        }

        input.AddTo(output, runStart, position - runStart);
        client.SendRequests();
        if (hasStreamEnded && client.Dressed is { Server.IsAtRest: true })
        {
            // The rest of a CopyData for a COPY that has failed: everything was answered while it was on its way, and nothing more will come.
            client.Shared.Loop.Defer(static state => ((RelayClient)state!).AfterAnswers(), client);
        }

        return position;
    }
}
