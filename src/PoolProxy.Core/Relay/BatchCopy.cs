using System.Runtime.CompilerServices;
using PoolProxy.Core.Loops;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Relay;

/// <summary>
/// A copy of the batch under way, in the client's own words, kept while an error in it may be ours alone: the server's copy of a statement
/// may be gone, or out of date. Then the batch is sent once more. Begins with the first message that such a copy serves, or is to serve, and
/// holds nothing before it.
/// </summary>
internal sealed class BatchCopy(Loop loop)
{
    /// <summary>A longer batch is not kept.</summary>
    public const int MaxBytes = 16 * 1024;

    private const int FirstBytes = 1024;

    /// <summary>Of how many statements it is noted that the batch says what they are. Of more it is not known.</summary>
    private const int MaxTold = 8;

    private LoopBuffer? _bytes;
    private Told _told;
    private int _toldCount;
    private int _boundId;
    private byte _lastType;

    /// <summary>Messages that are handled belong to it.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>There is a copy, whole or not.</summary>
    public bool IsKept => _bytes is not null;

    /// <summary>All of it is here, its Sync included.</summary>
    public bool IsWhole => _bytes is not null && !IsOpen;

    /// <summary>All that has come of it is here, and the client waits for the answer: it has ended it with Flush for now.</summary>
    public bool IsFlushed => IsOpen && _lastType == FrontendType.Flush;

    /// <summary>The client has sent what there is to be answered, and was told nothing yet.</summary>
    public bool IsAwaited => (IsWhole || IsFlushed) && !IsAnswered;

    /// <summary>The client was sent something since it began.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>The message at hand is the first.</summary>
    public void Begin()
    {
        Drop();
        _bytes = loop.Buffers.Rent(FirstBytes);
        IsOpen = true;
        IsAnswered = false;
        _toldCount = 0;
        _boundId = 0;
        _lastType = 0;
    }

    /// <summary>The batch parses this statement, or asks for its description: the client learns from the answer what its results are.</summary>
    public void Tells(int id)
    {
        if (IsOpen && _toldCount < MaxTold)
        {
            _told[_toldCount++] = id;
        }
    }

    /// <summary>The batch binds this statement to a portal.</summary>
    public void Binds(int id) => _boundId = id;

    /// <summary>The batch asks for the description of a portal, which is the one bound last.</summary>
    public void TellsPortal()
    {
        if (_boundId != 0)
        {
            Tells(_boundId);
        }
    }

    /// <summary>Whether the client learns from this batch what the statement's results are, so that it does not rely on what they were.</summary>
    public bool HasTold(int id) => ((ReadOnlySpan<int>)_told)[.._toldCount].Contains(id);

    /// <summary>A message was handled; <paramref name="isWhole"/> says whether these are all its bytes.</summary>
    public void Add(byte type, ReadOnlySpan<byte> message, bool isWhole)
    {
        var bytes = _bytes!;
        if (!isWhole || bytes.Length + message.Length > MaxBytes || type is not (FrontendType.Parse or FrontendType.Bind or FrontendType.Describe
            or FrontendType.Execute or FrontendType.Close or FrontendType.Flush or FrontendType.Sync))
        {
            Drop();
            return;
        }

        if (bytes.Free.Length < message.Length)
        {
            var larger = loop.Buffers.Rent(bytes.Length + message.Length);
            larger.Append(bytes.Span);
            bytes.Return();
            _bytes = bytes = larger;
        }

        bytes.Append(message);
        _lastType = type;
        IsOpen = type != FrontendType.Sync;
    }

    /// <summary>It will be sent again as it is: what the client sends from here on is handled behind it.</summary>
    public void End() => IsOpen = false;

    /// <summary>The bytes, which are the caller's to give back; there must be some.</summary>
    public LoopBuffer Take()
    {
        var bytes = _bytes!;
        _bytes = null;
        IsOpen = false;
        return bytes;
    }

    /// <summary>It is not needed any more.</summary>
    public void Drop()
    {
        IsOpen = false;
        _bytes?.Return();
        _bytes = null;
    }

    [InlineArray(MaxTold)]
    private struct Told
    {
        private int _first;
    }
}
