using System.Buffers;
using System.Buffers.Binary;
using PoolProxy.Core.Audit;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay.Auditing;

/// <summary>Puts texts and parameters into notes: bounded, and without what may be a secret.</summary>
internal static class NoteWriter
{
    /// <summary>A text, or as much of it as is here.</summary>
    /// <param name="note">Empty.</param>
    /// <param name="policy">What is wanted.</param>
    /// <param name="text">Its bytes that are here.</param>
    /// <param name="totalBytes">The length of all of it; where that is more, what is not here counts as the worst.</param>
    /// <param name="standardConformingStrings">The client's setting.</param>
    /// <param name="isReadable">No byte of a letter looks like a sign of SQL in the client's encoding.</param>
    public static void Text(StatementNote note, StatementPolicy policy, ReadOnlySpan<byte> text, long totalBytes, bool standardConformingStrings, bool isReadable)
    {
        var isWhole = text.Length >= totalBytes;
        var hasLiteral = StatementSecrets.HasLiteral(text);
        note.Policy = policy;
        note.MayHoldSecret = !isWhole || ((hasLiteral || policy.HasParameters) && StatementSecrets.MayHold(text));
        note.IsReadOnly = policy.OnlyWrites && isWhole && isReadable && ReadOnlyStatement.Shows(text, standardConformingStrings);
        var json = note.Json;
        if (policy.IsFingerprint)
        {
            Span<byte> fingerprint = stackalloc byte[StatementFingerprint.LengthBytes];
            StatementFingerprint.Write(text, fingerprint);
            json.Raw(",\"fingerprint\":\""u8);
            json.Hex(fingerprint);
            json.Raw("\""u8);
        }
        else if (note.MayHoldSecret && hasLiteral)
        {
            var redacted = ArrayPool<byte>.Shared.Rent(policy.StatementBytes);
            json.Raw(",\"statement\":"u8);
            json.Text(redacted.AsSpan(0, StatementSecrets.Redact(text, redacted.AsSpan(0, policy.StatementBytes), isReadable)));
            json.Raw(",\"redacted\":true"u8);
            ArrayPool<byte>.Shared.Return(redacted, clearArray: true);
        }
        else
        {
            json.Raw(",\"statement\":"u8);
            json.Text(Cut(text, policy.StatementBytes));
        }

        if (!isWhole || (!policy.IsFingerprint && text.Length > policy.StatementBytes))
        {
            json.Raw(",\"statement_bytes\":"u8);
            json.Number(totalBytes);
        }
    }

    /// <summary>A statement or portal of which nothing but the name is known.</summary>
    public static void Name(StatementNote note, StatementPolicy policy, ReadOnlySpan<byte> field, ReadOnlySpan<byte> name)
    {
        note.Policy = policy;
        note.MayHoldSecret = true;
        note.IsReadOnly = false;
        note.Json.Raw(field);
        note.Json.Text(Cut(name, AuditLine.MaxTextChars));
    }

    /// <summary>The values of a Bind, from the count of its formats on.</summary>
    /// <param name="note">Empty.</param>
    /// <param name="policy">What is wanted.</param>
    /// <param name="values">The rest of the message.</param>
    /// <param name="isWhole">All of it is here.</param>
    /// <param name="mayBeSecret">The statement speaks of secrets: how many there are is all that is said.</param>
    public static void Parameters(StatementNote note, StatementPolicy policy, ReadOnlySpan<byte> values, bool isWhole, bool mayBeSecret)
    {
        note.Policy = policy;
        var json = note.Json;
        if (!isWhole || !TryReadCount(ref values, out var formatCount) || values.Length < 2 * formatCount)
        {
            json.Raw(",\"parameters\":\"too_long\""u8);
            return;
        }

        var formats = values[..(2 * formatCount)];
        values = values[(2 * formatCount)..];
        if (!TryReadCount(ref values, out var count))
        {
            return;
        }

        if (mayBeSecret && count > 0)
        {
            json.Raw(",\"parameters\":\"redacted\""u8);
            return;
        }

        var left = StatementPolicy.MaxParametersBytes;
        json.Raw(",\"parameters\":["u8);
        for (var i = 0; i < count && values.Length >= 4; i++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(values);
            values = values[4..];
            if (length > values.Length)
            {
                break;
            }

            var value = length < 0 ? default : values[..length];
            var shown = Math.Min(Math.Min(value.Length, policy.ParameterBytes), left);
            var isBinary = formatCount > 0 && formats[2 * (formatCount == 1 ? 0 : Math.Min(i, formatCount - 1)) + 1] == 1;
            json.Raw(i > 0 ? ","u8 : ""u8);
            Parameter(json, value, shown, isNull: length < 0, isBinary);
            left -= shown;
            values = values[value.Length..];
        }

        json.Raw("]"u8);
    }

    private static void Parameter(AuditBuffer json, ReadOnlySpan<byte> value, int shown, bool isNull, bool isBinary)
    {
        if (isNull)
        {
            json.Raw("null"u8);
        }
        else if (isBinary)
        {
            json.Raw("{\"hex\":\""u8);
            json.Hex(value[..shown]);
            json.Raw("\",\"bytes\":"u8);
            json.Number(value.Length);
            json.Raw("}"u8);
        }
        else if (shown < value.Length)
        {
            json.Raw("{\"text\":"u8);
            json.Text(Cut(value, shown));
            json.Raw(",\"bytes\":"u8);
            json.Number(value.Length);
            json.Raw("}"u8);
        }
        else
        {
            json.Text(value);
        }
    }

    /// <summary>Not inside a letter of UTF-8.</summary>
    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text, int bytes)
    {
        if (text.Length <= bytes)
        {
            return text;
        }

        while (bytes > 0 && (text[bytes] & 0xC0) == 0x80)
        {
            bytes--;
        }

        return text[..bytes];
    }

    private static bool TryReadCount(ref ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        if (bytes.Length < 2)
        {
            return false;
        }

        count = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        bytes = bytes[2..];
        return true;
    }
}
