using System.Diagnostics;
using System.Text;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Errors;

/// <summary>
/// The fields of an ErrorResponse or NoticeResponse, as spans over the message's body. Any of them may be missing, SQLSTATE too
/// (CVE-2026-6666): a missing field is empty, never an error. Source: protocol-error-fields.html.
/// </summary>
public readonly ref struct ErrorFields
{
    /// <summary>The most fields that are looked at; PostgreSQL has 18. What follows them is left unread.</summary>
    public const int MaxFields = 64;

    /// <summary>Bytes of a SQLSTATE.</summary>
    public const int CodeLengthBytes = 5;

    /// <summary>Field V, or S where V is missing (servers before 9.6).</summary>
    public Severity Severity { get; private init; }

    /// <summary>Field C where it has five bytes; else empty.</summary>
    public ReadOnlySpan<byte> Code { get; private init; }

    /// <summary>Field M: the text.</summary>
    public ReadOnlySpan<byte> Message { get; private init; }

    /// <summary>Field D.</summary>
    public ReadOnlySpan<byte> Detail { get; private init; }

    /// <summary>Field H.</summary>
    public ReadOnlySpan<byte> Hint { get; private init; }

    /// <summary>Field R: the function of the server's source that raised it, such as <c>RevalidateCachedQuery</c>.</summary>
    public ReadOnlySpan<byte> Routine { get; private init; }

    /// <summary>Whether the server ends the connection after it.</summary>
    public bool IsFatal => Severity is Severity.Fatal or Severity.Panic;

    /// <summary>Whether the SQLSTATE is that one; see <see cref="SqlState"/>.</summary>
    public bool Is(string sqlState) => Ascii.Equals(Code, sqlState);

    /// <summary>
    /// Reads what is there. Where a field comes twice, the last one counts. False when a terminator is missing or there are more than
    /// <see cref="MaxFields"/>; <paramref name="fields"/> then holds what stood before that.
    /// </summary>
    /// <param name="body">The message's body.</param>
    /// <param name="fields">The fields; usable whatever the answer.</param>
    public static bool TryRead(ReadOnlySpan<byte> body, out ErrorFields fields)
    {
        ReadOnlySpan<byte> severity = default, verbatim = default, code = default, message = default, detail = default, hint = default, routine = default;
        var reader = new BodyReader(body);
        bool complete = false;
        for (int count = 0; count <= MaxFields; count++)
        {
            if (!reader.TryReadByte(out byte field)) break;
            if (field == 0)
            {
                complete = true;
                break;
            }

            if (count == MaxFields || !reader.TryReadCString(out ReadOnlySpan<byte> value)) break;
            switch (field)
            {
                case (byte)'S': severity = value; break;
                case (byte)'V': verbatim = value; break;
                case (byte)'C': code = value; break;
                case (byte)'M': message = value; break;
                case (byte)'D': detail = value; break;
                case (byte)'H': hint = value; break;
                case (byte)'R': routine = value; break;
                default: break;
            }
        }

        fields = new ErrorFields
        {
            Severity = SeverityText.Parse(verbatim.IsEmpty ? severity : verbatim),
            Code = code.Length == CodeLengthBytes ? code : default,
            Message = message,
            Detail = detail,
            Hint = hint,
            Routine = routine,
        };
        return complete;
    }

    /// <summary>Writes the body of an ErrorResponse or NoticeResponse; the caller begins and ends the message.</summary>
    public static void Write(MessageWriter writer, Severity severity, string sqlState, string message, string? detail, string? hint)
    {
        Debug.Assert(sqlState.Length == CodeLengthBytes && Ascii.IsValid(sqlState), "a SQLSTATE has five ASCII letters or digits");
        ReadOnlySpan<byte> word = SeverityText.Of(severity);
        writer.WriteByte((byte)'S');
        writer.WriteCString(word);
        writer.WriteByte((byte)'V');
        writer.WriteCString(word);
        WriteText(writer, 'C', sqlState);
        WriteText(writer, 'M', message);
        WriteText(writer, 'D', detail);
        WriteText(writer, 'H', hint);
        writer.WriteByte(0);
    }

    private static void WriteText(MessageWriter writer, char field, string? text)
    {
        if (text is null) return;
        writer.WriteByte((byte)field);

        // Texts quote what users and issuers chose; an error report must not fail on a NUL in it.
        writer.WriteCString(text.Replace('\0', ' '));
    }
}
