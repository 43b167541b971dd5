using System.Buffers.Text;
using System.Text;
using PoolProxy.Core.Audit;

namespace PoolProxy.Core.Relay.Auditing;

/// <summary>What came of the request whose answer is coming: tags, rows, an error. One for a client, used again for each request.</summary>
internal sealed class StatementResult
{
    /// <summary>Tags beyond this are counted and not listed.</summary>
    private const int MaxTags = 64;

    private const int MaxTagBytes = 64;

    private readonly AuditBuffer _tags = new(64);
    private readonly byte[] _code = new byte[5];
    private int _tagCount;
    private long _rows = -1;

    /// <summary>There was an error.</summary>
    public bool IsFailed { get; private set; }

    /// <summary>The error is the proxy's own: the server never saw the statement.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>The word for how it ended, if it was answered to its end.</summary>
    public ReadOnlySpan<byte> Outcome => IsRefused ? "refused"u8 : IsFailed ? "error"u8 : "ok"u8;

    /// <summary>A statement has completed.</summary>
    public void Tag(ReadOnlySpan<byte> body)
    {
        var tag = body.Length > 0 ? body[..^1] : body;
        if (_tagCount++ < MaxTags)
        {
            _tags.Raw(_tagCount > 1 ? ","u8 : ""u8);
            _tags.Text(tag[..Math.Min(tag.Length, MaxTagBytes)]);
        }

        var last = tag[(tag.LastIndexOf((byte)' ') + 1)..];
        if (Utf8Parser.TryParse(last, out long rows, out var consumed) && consumed == last.Length)
        {
            Rows(rows);
        }
    }

    /// <summary>So many rows more.</summary>
    public void Rows(long count) => _rows = Math.Max(_rows, 0) + count;

    /// <summary>The server's error, or that of a refusal.</summary>
    public void Fail(ReadOnlySpan<byte> code, bool isRefused = false)
    {
        IsFailed = true;
        IsRefused = isRefused;
        code[..Math.Min(code.Length, _code.Length)].CopyTo(_code);
        _code.AsSpan(Math.Min(code.Length, _code.Length)).Fill((byte)'?');
    }

    /// <inheritdoc cref="Fail(ReadOnlySpan{byte}, bool)"/>
    public void Fail(string code, bool isRefused = false)
    {
        Span<byte> bytes = stackalloc byte[_code.Length];
        Fail(bytes[..Encoding.ASCII.GetBytes(code, bytes)], isRefused);
    }

    /// <summary>Nothing has come yet.</summary>
    public void Clear()
    {
        _tags.Clear();
        _tagCount = 0;
        _rows = -1;
        IsFailed = false;
        IsRefused = false;
    }

    /// <summary>The fields of a record.</summary>
    public void WriteTo(AuditBuffer json)
    {
        if (_tagCount > 0)
        {
            json.Raw(",\"tags\":["u8);
            json.Raw(_tags.Span);
            json.Raw("]"u8);
        }

        if (_tagCount > MaxTags)
        {
            json.Raw(",\"tag_count\":"u8);
            json.Number(_tagCount);
        }

        if (_rows >= 0)
        {
            json.Raw(",\"rows\":"u8);
            json.Number(_rows);
        }

        if (IsFailed)
        {
            json.Raw(",\"sqlstate\":"u8);
            json.Text(_code);
        }
    }

    /// <summary>The client has left: its memory goes back.</summary>
    public void Dispose() => _tags.Dispose();
}
