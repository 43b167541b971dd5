using PoolProxy.Core.Loops;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Relay;

/// <summary>
/// A copy of the batch under way, in the client's own words, kept while an error in it may be ours alone: the copy of a statement that
/// serves the unnamed one may be out of date. Then the batch is sent once more. Begins with such a Parse and holds nothing before it.
/// </summary>
internal sealed class BatchCopy(Loop loop)
{
    /// <summary>A longer batch is not kept.</summary>
    public const int MaxBytes = 16 * 1024;

    private const int FirstBytes = 1024;

    private LoopBuffer? _bytes;

    /// <summary>Messages that are handled belong to it.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>There is a copy, whole or not.</summary>
    public bool IsKept => _bytes is not null;

    /// <summary>All of it is here, its Sync included.</summary>
    public bool IsWhole => _bytes is not null && !IsOpen;

    /// <summary>The message at hand is the first.</summary>
    public void Begin()
    {
        Drop();
        _bytes = loop.Buffers.Rent(FirstBytes);
        IsOpen = true;
    }

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
        IsOpen = type != FrontendType.Sync;
    }

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
}
