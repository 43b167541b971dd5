using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using PoolProxy.Protocol.Errors;

namespace PoolProxy.Core.Errors;

/// <summary>
/// One thing the proxy itself says to a client: severity, SQLSTATE, message, and what helps the reader act on it.
/// Immutable, and its message on the wire is built once, in the constructor, so any loop may send it at any time.
/// </summary>
/// <remarks>
/// All come from the catalogues: <see cref="ProxyErrors"/>, <see cref="LoginErrors"/>, <see cref="ConsoleErrors"/>. The message is lower case without a full stop; DETAIL and HINT are whole
/// sentences. A field longer than <see cref="MaxFieldChars"/> is cut, and a NUL inside it becomes a question mark: it
/// would end the field early on the wire. Source: protocol-error-fields.html.
/// </remarks>
internal sealed class ProxyError
{
    /// <summary>The longest message, DETAIL or HINT that is sent, in characters.</summary>
    public const int MaxFieldChars = 4096;

    private const string CutMark = "...";

    private readonly byte[] _wire;

    /// <summary>Makes an error and its bytes.</summary>
    public ProxyError(Severity severity, string sqlState, string message, string? detail = null, string? hint = null)
    {
        Debug.Assert(sqlState.Length == 5, "an SQLSTATE has five characters");
        Debug.Assert(severity is Severity.Error or Severity.Fatal or Severity.Warning or Severity.Notice, "the proxy says nothing else");
        Severity = severity;
        SqlState = sqlState;
        Message = Bounded(message, MaxFieldChars);
        Detail = detail is null ? null : Bounded(detail, MaxFieldChars);
        Hint = hint is null ? null : Bounded(hint, MaxFieldChars);
        _wire = BuildWire();
    }

    /// <summary>How bad it is: Error or Fatal make an ErrorResponse, Warning and milder ones a NoticeResponse.</summary>
    public Severity Severity { get; }

    /// <summary>Five characters. Source: errcodes-appendix.html.</summary>
    public string SqlState { get; }

    /// <summary>The primary message (field M).</summary>
    public string Message { get; }

    /// <summary>Facts about this case (field D), or null.</summary>
    public string? Detail { get; }

    /// <summary>What to change (field H), or null.</summary>
    public string? Hint { get; }

    /// <summary>Whether the client's connection ends after this.</summary>
    public bool IsFatal => Severity == Severity.Fatal;

    /// <summary>
    /// The whole message on the wire, header included: ErrorResponse for Error and Fatal, NoticeResponse for the rest.
    /// Ordinary managed memory, valid for the life of this object; pin or copy it where the engine keeps pointers.
    /// </summary>
    public ReadOnlyMemory<byte> Wire => _wire;

    /// <summary>
    /// Writes <see cref="Wire"/> into <paramref name="destination"/>; false, with nothing written, where it does not fit.
    /// </summary>
    public bool TryWrite(Span<byte> destination, out int writtenBytes)
    {
        writtenBytes = _wire.AsSpan().TryCopyTo(destination) ? _wire.Length : 0;
        return writtenBytes > 0;
    }

    /// <summary>The same thing said as the end of the connection, for places where a mere error cannot stand (login).</summary>
    public ProxyError AsFatal() => IsFatal ? this : new ProxyError(Severity.Fatal, SqlState, Message, Detail, Hint);

    /// <summary>The same, for a client whose session goes on: a driver closes its connection behind a FATAL.</summary>
    public ProxyError AsError() => IsFatal ? new ProxyError(Severity.Error, SqlState, Message, Detail, Hint) : this;

    /// <summary>Severity, SQLSTATE and message in one line, for logs.</summary>
    public override string ToString() => $"{Encoding.ASCII.GetString(SeverityText.Of(Severity))} {SqlState}: {Message}";

    /// <summary>
    /// Text from outside as it may stand in an error or a log: at most <paramref name="maxChars"/> characters, never cut
    /// inside a surrogate pair, and without NUL.
    /// </summary>
    internal static string Bounded(string text, int maxChars)
    {
        if (text.Length > maxChars)
        {
            var kept = maxChars - CutMark.Length;
            if (char.IsHighSurrogate(text[kept - 1]))
                kept--;
            text = string.Concat(text.AsSpan(0, kept), CutMark);
        }

        return text.Contains('\0', StringComparison.Ordinal) ? text.Replace('\0', '?') : text;
    }

    // protocol-message-formats.html: Byte1('E' or 'N'), Int32 length with itself, then fields of a letter and a
    // C string, then a zero. V repeats S in the form that is never translated.
    private byte[] BuildWire()
    {
        var word = Encoding.ASCII.GetString(SeverityText.Of(Severity));
        var length = 5 + FieldLength(word) + FieldLength(word) + FieldLength(SqlState) + FieldLength(Message)
            + FieldLength(Detail) + FieldLength(Hint) + 1;
        var wire = new byte[length];
        wire[0] = (byte)(Severity is Severity.Error or Severity.Fatal ? 'E' : 'N');
        BinaryPrimitives.WriteInt32BigEndian(wire.AsSpan(1), length - 1);
        var at = 5;
        WriteField(wire, ref at, 'S', word);
        WriteField(wire, ref at, 'V', word);
        WriteField(wire, ref at, 'C', SqlState);
        WriteField(wire, ref at, 'M', Message);
        WriteField(wire, ref at, 'D', Detail);
        WriteField(wire, ref at, 'H', Hint);
        Debug.Assert(at == length - 1, "the sum of the fields and the bytes written differ");
        return wire;
    }

    private static int FieldLength(string? text) => text is null ? 0 : 1 + Encoding.UTF8.GetByteCount(text) + 1;

    private static void WriteField(byte[] wire, ref int at, char letter, string? text)
    {
        if (text is null)
            return;
        wire[at++] = (byte)letter;
        at += Encoding.UTF8.GetBytes(text, wire.AsSpan(at));
        wire[at++] = 0;
    }
}
