using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace PoolProxy.Core.Audit;

/// <summary>A record of the audit trail as one line of JSON, line feed included.</summary>
/// <remarks>
/// Text from outside is cut at <see cref="MaxTextChars"/>. The writer's default escaping stays on: everything that is not printable
/// ASCII becomes <c>\u</c>, so a line is one line wherever it is shown, and a name cannot imitate another by look-alike letters.
/// </remarks>
internal static class AuditLine
{
    /// <summary>The longest text of a field, in characters.</summary>
    public const int MaxTextChars = 256;

    /// <summary>A login attempt.</summary>
    public static byte[] Login(DateTimeOffset time, in LoginAttempt attempt)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteTime(json, time);
            json.WriteString("event"u8, attempt.IsRenewal ? "renewal"u8 : "login"u8);
            json.WriteString("outcome"u8, Word(attempt.Outcome));
            WriteText(json, "reason", attempt.Reason);
            WriteText(json, "address", attempt.Address);
            WriteText(json, "method", attempt.Method);
            WriteText(json, "tls", attempt.Tls);
            WriteText(json, "user", attempt.User);
            WriteText(json, "database", attempt.Database);
            WriteText(json, "issuer", attempt.Issuer);
            WriteText(json, "subject", attempt.Subject);
            WriteText(json, "jti", attempt.TokenId);
            WriteText(json, "role", attempt.Role);
            if (attempt.Rule is { } rule)
                json.WriteNumber("rule"u8, rule);
            json.WriteNumber("duration_ms"u8, Math.Round(attempt.Duration.TotalMilliseconds, 3));
            json.WriteEndObject();
        }

        return WithLineFeed(buffer);
    }

    /// <summary>Access on demand: asked for, or taken back.</summary>
    public static byte[] Access(DateTimeOffset time, in AccessRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteTime(json, time);
            json.WriteString("event"u8, record.Event switch { AccessEvent.Request => "access_request"u8, AccessEvent.Approval => "access_approval"u8, _ => "access_revocation"u8 });
            json.WriteString("outcome"u8, record.Refusal is not null ? "refused"u8 : record.IsPending ? "pending"u8 : "accepted"u8);
            WriteText(json, "reason", record.Refusal);
            WriteText(json, "address", record.Address);
            WriteText(json, "issuer", record.Issuer);
            WriteText(json, "subject", record.Subject);
            WriteText(json, "grant", record.Grant);
            WriteText(json, "database", record.Database);
            WriteText(json, "role", record.Role);
            if (record.Policy is { } policy)
                json.WriteNumber("policy"u8, policy);
            if (record.Until is { } until)
                json.WriteString("until"u8, Format(until));
            WriteText(json, "justification", record.Justification is { Length: > 0 } ? record.Justification : null);
            json.WriteEndObject();
        }

        return WithLineFeed(buffer);
    }

    /// <summary>How many records were lost where the queue was full or the target failed.</summary>
    public static byte[] Lost(DateTimeOffset time, long count)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteTime(json, time);
            json.WriteString("event"u8, "records_lost"u8);
            json.WriteNumber("count"u8, count);
            json.WriteEndObject();
        }

        return WithLineFeed(buffer);
    }

    private static ReadOnlySpan<byte> Word(LoginOutcome outcome) => outcome switch
    {
        LoginOutcome.Accepted => "accepted"u8,
        LoginOutcome.Refused => "refused"u8,
        LoginOutcome.Abandoned => "abandoned"u8,
        LoginOutcome.Discovery => "discovery"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    private static void WriteTime(Utf8JsonWriter json, DateTimeOffset time) =>
        json.WriteString("time"u8, Format(time));

    private static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is null)
            return;
        if (text.Length <= MaxTextChars)
            json.WriteString(name, text);
        else
            json.WriteString(name, text.AsSpan(0, char.IsHighSurrogate(text[MaxTextChars - 1]) ? MaxTextChars - 1 : MaxTextChars));
    }

    private static byte[] WithLineFeed(ArrayBufferWriter<byte> buffer)
    {
        var line = new byte[buffer.WrittenCount + 1];
        buffer.WrittenSpan.CopyTo(line);
        line[^1] = (byte)'\n';
        return line;
    }
}
