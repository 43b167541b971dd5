using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Audit;

/// <summary>
/// Where the trail is written, and the chain that runs through it: numbers and hashes records, and lets the chain go on from what a file ends with. The
/// writer's thread only.
/// </summary>
/// <remarks>
/// A file that is opened begins with a record of the chain itself unless the chain simply goes on in it: <c>new</c> (nothing came before, or nothing that
/// is a record), <c>moved</c> (what came before is in another file), <c>continued</c> (the process is new, or the file is another that has records),
/// <c>repaired</c> (behind the last record stood a torn line), <c>rekeyed</c>. It is written with the first record that follows.
/// </remarks>
internal sealed class ChainFile(TimeProvider time, Action<string, Exception> onFault) : IDisposable
{
    /// <summary>What goes in one write, more or less.</summary>
    private const int ChunkBytes = 64 * 1024;

    private readonly AuditBuffer _chunk = new(2 * ChunkBytes);
    private readonly byte[] _hash = [.. ChainHead.None.Hash];
    private readonly byte[] _safeHash = [.. ChainHead.None.Hash];
    private long _sequence;
    private long _safeSequence;
    private LineTarget? _target;
    private Stream? _stream;
    private ChainHasher _hasher = new(null);
    private string? _reason;
    private ChainTail _tail = ChainTail.Empty;
    private bool _isFaulted;

    /// <summary>Where the chain stands.</summary>
    public ChainHead Head => new(_sequence, [.. _hash]);

    /// <summary>Opens the target, or the same one anew. Where that cannot be, the old one stays in use, and the fault is told.</summary>
    public void Use(LineTarget? target, byte[]? key)
    {
        if (target is null)
        {
            Close();
            _target = null;
            return;
        }

        var isRekeyed = _hasher.IsKeyed != key is not null;
        _hasher.Dispose();
        _hasher = new ChainHasher(key);
        _isFaulted = false;
        var isElsewhere = _target?.Name != target.Name;
        _target = target;
        TryOpen(isElsewhere);
        if (isRekeyed && _sequence > 0)
            _reason ??= "rekeyed";
    }

    /// <summary>Writes records, as many as can be. Answers how many were; fewer than all after a fault, which is told.</summary>
    public int Write(ReadOnlySpan<AuditEntry> entries)
    {
        if (_stream is null && !TryOpen(isElsewhere: false))
            return 0;
        var written = 0;
        while (written < entries.Length)
        {
            Remember();
            _chunk.Clear();
            var ownRecords = 0;
            if (_reason is not null)
            {
                BeginFile();
                ownRecords = 1;
            }

            var end = written;
            while (end < entries.Length && _chunk.Length < ChunkBytes)
                Chain(entries[end++].Json);
            try
            {
                _stream!.Write(_chunk.Span);
                _isFaulted = false;
                _reason = null;
                _tail = ChainTail.Empty;
                written = end;
            }
            catch (IOException exception)
            {
                Tell(exception);
                return written + Recover(ownRecords);
            }
        }

        return written;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _hasher.Dispose();
        _chunk.Dispose();
    }

    private bool TryOpen(bool isElsewhere)
    {
        if (_target is not { } target)
            return false;
        try
        {
            ChainTail? tail;
            using (var readable = target.OpenToRead())
                tail = readable is null ? null : ChainTail.Read(readable);
            var stream = target.Open();
            Close();
            _stream = stream;
            Follow(tail, isElsewhere);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            Tell(exception);
            return false;
        }
    }

    private void Follow(ChainTail? tail, bool isElsewhere)
    {
        _tail = tail ?? ChainTail.Empty;
        if (tail is null || tail.LengthBytes == 0)
        {
            if (_sequence == 0)
                _reason = "new";
            else if (tail is not null || isElsewhere)
                _reason = "moved";
            return;
        }

        if (tail.Head is not { } head)
        {
            Stand(ChainHead.None);
            _reason = "new";
            return;
        }

        if (tail.SkippedBytes > 0)
            _reason = "repaired";
        else if (!head.Is(Head))
            _reason = "continued";
        Stand(head);
    }

    /// <summary>
    /// Part of what was being written may be in the file: what is there counts, and whatever stands half behind it is declared when the chain goes on.
    /// Answers how many of the caller's records are there.
    /// </summary>
    private int Recover(int ownRecords)
    {
        var last = _sequence;
        (_sequence, var before) = (_safeSequence, _safeSequence);
        _safeHash.CopyTo(_hash, 0);
        Close();
        var reason = _reason;
        if (!TryOpen(isElsewhere: false))
            return 0;
        if (_sequence == before || _sequence > last)
        {
            _reason ??= reason;
            return 0;
        }

        if (_reason == "continued")
            _reason = null;
        return (int)Math.Max(0, _sequence - before - ownRecords);
    }

    /// <summary>The chain's own record, ahead of the first in a file.</summary>
    private void BeginFile()
    {
        if (!_tail.EndsLine)
            _chunk.Raw("\n"u8);
        using var record = new AuditBuffer();
        record.Raw("{\"time\":"u8);
        record.Time(time.GetUtcNow().UtcDateTime);
        record.Raw(ChainLine.ChainEvent);
        record.Raw("\"reason\":"u8);
        record.Text(_reason!);
        record.Raw(",\"algorithm\":"u8);
        record.Text(_hasher.Algorithm);
        record.Raw(",\"previous\":\""u8);
        record.Raw(_hash);
        record.Raw("\""u8);
        if (_tail.SkippedBytes > 0)
        {
            record.Raw(",\"skipped_bytes\":"u8);
            record.Number(_tail.SkippedBytes + (_tail.EndsLine ? 0 : 1));
            if (_tail.SkippedHash is { } hash)
            {
                record.Raw(",\"skipped_sha256\":"u8);
                record.Text(hash);
            }
        }

        Chain(record.Span);
    }

    private void Chain(ReadOnlySpan<byte> json)
    {
        var start = _chunk.Length;
        _chunk.Raw(json);
        _chunk.Raw(ChainLine.Sequence);
        _chunk.Number(++_sequence);
        _hasher.Write(_hash, _chunk.Span[start..], _hash);
        _chunk.Raw(ChainLine.Hash);
        _chunk.Raw(_hash);
        _chunk.Raw(ChainLine.End);
        _chunk.Raw("\n"u8);
    }

    private void Remember()
    {
        _safeSequence = _sequence;
        _hash.CopyTo(_safeHash, 0);
    }

    private void Stand(ChainHead head)
    {
        _sequence = head.Sequence;
        head.Hash.CopyTo(_hash, 0);
    }

    private void Close()
    {
        _stream?.Dispose();
        _stream = null;
    }

    private void Tell(Exception exception)
    {
        if (!_isFaulted)
            onFault(_target!.Name, exception);
        _isFaulted = true;
    }
}
