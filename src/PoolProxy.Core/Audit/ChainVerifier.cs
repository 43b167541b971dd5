using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PoolProxy.Core.Audit;

/// <summary>
/// Holds a trail against its chain, a line at a time: files in the order in which they were written. Stops at the first break. Memory is bounded by
/// <see cref="ChainLine.MaxBytes"/>.
/// </summary>
internal sealed class ChainVerifier(byte[]? key, ChainHead? wanted) : IDisposable
{
    private readonly ChainHasher _plain = new(null);
    private readonly ChainHasher? _keyed = key is null ? null : new(key);
    private readonly byte[] _hash = new byte[ChainHead.HashDigits];
    private readonly byte[] _computed = new byte[ChainHead.HashDigits];
    private string _algorithm = "";
    private string _file = "";
    private long _line;
    private long _sequence;
    private bool _hasHead;
    private bool _hasWanted;
    private IncrementalHash? _skipped;
    private long _skippedBytes;
    private long _skippedLine;

    /// <summary>Records that are proven so far.</summary>
    public long Count { get; private set; }

    /// <summary>Number of the first of them.</summary>
    public long FirstSequence { get; private set; }

    /// <summary>The time of the first of them; empty before.</summary>
    public string FirstTime { get; private set; } = "";

    /// <summary>The time of the last of them.</summary>
    public string LastTime { get; private set; } = "";

    /// <summary>How many records the proxy says it has lost to a full queue.</summary>
    public long LostCount { get; private set; }

    /// <summary>Lines that are no records, and that the chain itself declares: torn by a crash, or from before there was a chain.</summary>
    public long DeclaredCount { get; private set; }

    /// <summary>The last record that is proven.</summary>
    public ChainHead Head => new(_sequence, [.. _hash]);

    /// <summary>The chain's hashes are made with a key.</summary>
    public bool IsKeyed => _algorithm == ChainHasher.AlgorithmOf(true);

    /// <summary>The first break; null as long as there is none.</summary>
    public ChainBreak? Break { get; private set; }

    /// <summary>The next file.</summary>
    public void Read(Stream stream, string file)
    {
        if (Break is not null)
            return;
        _file = file;
        _line = 0;
        var buffer = new byte[ChainLine.MaxBytes];
        var filled = 0;
        while (Break is null)
        {
            var read = stream.Read(buffer.AsSpan(filled));
            filled += read;
            var start = 0;
            for (int length; Break is null && (length = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n')) >= 0; start += length + 1)
                Line(buffer.AsSpan(start, length));
            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
            if (read == 0)
                break;
            if (filled == buffer.Length)
            {
                _line++;
                Fail(ChainBreakKind.Inserted, "the line is longer than any record");
            }
        }

        EndFile(filled);
    }

    /// <summary>All files were read.</summary>
    public void End()
    {
        if (Break is null && wanted is { } head && !_hasWanted)
            Break = new(ChainBreakKind.NoHead, "", 0, head.Sequence < FirstSequence
                ? Text($"the head {head} is of an earlier file: the records begin with {FirstSequence}")
                : Text($"the head {head} is not here: the records end with {_sequence}, what came behind was cut off"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _plain.Dispose();
        _keyed?.Dispose();
        _skipped?.Dispose();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void EndFile(int rest)
    {
        if (Break is not null)
            return;
        if (rest > 0)
        {
            _line++;
            Fail(ChainBreakKind.Torn, _hasHead
                ? Text($"the last line is torn: a crash, or somebody has cut it; the chain holds up to record {_sequence}")
                : "the last line is torn: a crash, or somebody has cut it");
        }
        else if (_skippedBytes > 0)
        {
            FailSkipped();
        }
    }

    private void Line(ReadOnlySpan<byte> line)
    {
        _line++;
        if (!ChainLine.TryRead(line, out var sequence, out var hash, out var hashed))
        {
            Skip(line);
            return;
        }

        var origin = ChainOrigin.TryRead(line);
        if ((_skippedBytes > 0 && !IsDeclared(origin)) || !Follows(sequence, origin))
            return;
        ForgetSkipped();
        if (origin is not null && !Begin(origin, sequence))
            return;
        var hasher = IsKeyed ? _keyed! : _plain;
        hasher.Write(_hash, line[..hashed], _computed);
        if (!hash.SequenceEqual(_computed))
        {
            Fail(ChainBreakKind.Changed, Text($"record {sequence} was changed, or the one before it: its hash does not follow"));
            return;
        }

        hash.CopyTo(_hash);
        _sequence = sequence;
        Note(line);
    }

    /// <summary>Whether the number is the one that is due; a chain that begins may have any.</summary>
    private bool Follows(long sequence, ChainOrigin? origin)
    {
        if (!_hasHead)
        {
            // Only these stand at the head of a file; the others would have records before them.
            var begins = origin is { Reason: "new" or "moved" };
            if (!begins)
                Fail(ChainBreakKind.NoBeginning, Text($"the trail begins with record {sequence}, in the middle: give the files before it too, or what came before was removed"));
            return begins;
        }

        if (origin is { Reason: "new" })
        {
            Fail(ChainBreakKind.StartsAnew, Text($"the chain starts anew behind record {_sequence}: more may have followed that"));
            return false;
        }

        if (sequence == _sequence + 1)
            return true;
        if (sequence > _sequence)
            Fail(ChainBreakKind.Removed, Text($"records {_sequence + 1} to {sequence - 1} are missing ahead of record {sequence}"));
        else
            Fail(ChainBreakKind.Inserted, Text($"record {sequence} stands behind record {_sequence}: it was moved or inserted"));
        return false;
    }

    /// <summary>A record of the chain itself: from here on its algorithm holds, and it names what it follows.</summary>
    private bool Begin(ChainOrigin origin, long sequence)
    {
        var isKeyed = origin.Algorithm == ChainHasher.AlgorithmOf(true);
        if (origin.Algorithm != ChainHasher.AlgorithmOf(isKeyed) || origin.Previous.Length != ChainHead.HashDigits)
        {
            Fail(ChainBreakKind.Changed, Text($"record {sequence} was changed: it is not one that begins a chain"));
            return false;
        }

        if (isKeyed != _keyed is not null)
        {
            Fail(ChainBreakKind.OtherKey, isKeyed
                ? "the chain is made with a key: give it with --key"
                : "the chain is made without a key from here on: whoever can write the file can have made it anew");
            return false;
        }

        if (!_hasHead)
        {
            if (origin.Reason == "new" && (sequence != 1 || !origin.Previous.AsSpan().SequenceEqual(ChainHead.None.Hash)))
            {
                Fail(ChainBreakKind.Changed, Text($"record {sequence} was changed: a new chain begins with 1"));
                return false;
            }

            origin.Previous.CopyTo(_hash, 0);
            _hasHead = true;
        }
        else if (!origin.Previous.AsSpan().SequenceEqual(_hash))
        {
            Fail(ChainBreakKind.Removed, Text($"record {sequence} follows another record than {_sequence}: what stood between was changed or removed"));
            return false;
        }

        _algorithm = origin.Algorithm;
        return true;
    }

    private void Note(ReadOnlySpan<byte> line)
    {
        var time = line.StartsWith("{\"time\":\""u8) && line.Length > 33 ? Encoding.ASCII.GetString(line.Slice(9, 24)) : "";
        if (Count++ == 0)
        {
            FirstTime = time;
            FirstSequence = _sequence;
        }

        LastTime = time;
        var lost = line.IndexOf("\"event\":\"records_lost\",\"count\":"u8);
        if (lost is >= 0 and < 64 && System.Buffers.Text.Utf8Parser.TryParse(line[(lost + 31)..], out long count, out _))
            LostCount += count;
        if (wanted is { } head && head.Sequence == _sequence)
        {
            _hasWanted = head.Is(Head);
            if (!_hasWanted)
                Fail(ChainBreakKind.Changed, Text($"record {_sequence} is another than the head that was kept: the chain was made anew"));
        }
    }

    private void Skip(ReadOnlySpan<byte> line)
    {
        _skipped ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (_skippedBytes == 0)
            _skippedLine = _line;
        _skipped.AppendData(line);
        _skipped.AppendData("\n"u8);
        _skippedBytes += line.Length + 1;
    }

    private bool IsDeclared(ChainOrigin? origin)
    {
        if (origin is not null && origin.SkippedBytes == _skippedBytes
            && (origin.SkippedHash is not { } hash || hash == Convert.ToHexStringLower(_skipped!.GetCurrentHash())))
        {
            return true;
        }

        FailSkipped();
        return false;
    }

    private void ForgetSkipped()
    {
        if (_skippedBytes == 0)
            return;
        DeclaredCount += _line - _skippedLine;
        _skippedBytes = 0;
        _skipped!.GetHashAndReset();
    }

    private void FailSkipped()
    {
        _line = _skippedLine;
        Fail(ChainBreakKind.Inserted, "the line is no record, and none declares it: it was changed or inserted");
    }

    private void Fail(ChainBreakKind kind, string text) => Break ??= new(kind, _file, _line, text);
}
