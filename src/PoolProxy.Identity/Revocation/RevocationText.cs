using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Identity.Revocation;

/// <summary>
/// Orders as text, the same in the console, in the watched file and in the state file: pairs of a word and a value between single quotes, in any order.
/// <c>jti</c>, <c>sub</c>, <c>sid</c> (one of them at most) and <c>issuer</c> say whom it is about; <c>before</c> makes it "what was issued before"; <c>until</c> or
/// <c>for</c> say when it ends; <c>reason</c> and <c>source</c> are for people.
/// </summary>
public static class RevocationText
{
    /// <summary>The longest value, in characters; the same as of the claims that it is compared with.</summary>
    public const int MaxValueCharacters = TokenValidator.MaxSubjectCharacters;

    /// <summary>The longest reason, in characters.</summary>
    public const int MaxReasonCharacters = 256;

    private static readonly string[] Claims = ["jti", "sub", "sid"];

    private static readonly string[] TimeForms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    private static readonly string[] Names = ["jti", "sub", "sid", "issuer", "before", "until", "for", "reason", "source"];

    /// <summary>Cuts one line into words. False for a quote that does not end, or a sign outside of quotes.</summary>
    public static bool TryCut(string line, out List<RevocationWord> words)
    {
        words = [];
        int at = 0;
        while (at < line.Length)
        {
            if (char.IsWhiteSpace(line[at]))
            {
                at++;
            }
            else if (line[at] == '\'')
            {
                if (!TryCutValue(line, ref at, out string? value))
                {
                    return false;
                }

                words.Add(new RevocationWord(value, IsQuoted: true));
            }
            else if (char.IsAsciiLetter(line[at]))
            {
                int start = at;
                while (at < line.Length && (char.IsAsciiLetterOrDigit(line[at]) || line[at] == '_'))
                {
                    at++;
                }

                words.Add(new RevocationWord(line[start..at], IsQuoted: false));
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads an order; on false <paramref name="fault"/> says why, without a full stop.</summary>
    /// <param name="words">What <see cref="TryCut"/> has made of a text.</param>
    /// <param name="now">What <c>'now'</c> and <c>for</c> count from.</param>
    /// <param name="defaultUntil">When an order ends that does not say so.</param>
    /// <param name="entry">The order; null on false.</param>
    /// <param name="fault">Why not.</param>
    public static bool TryRead(
        IReadOnlyList<RevocationWord> words, DateTimeOffset now, DateTimeOffset defaultUntil, [NotNullWhen(true)] out RevocationEntry? entry, [NotNullWhen(false)] out string? fault)
    {
        entry = null;
        if (!TryPair(words, out Dictionary<string, string>? pairs, out fault))
        {
            return false;
        }

        string[] whom = [.. Claims.Where(pairs.ContainsKey)];
        string issuer = pairs.GetValueOrDefault("issuer", "");
        bool isBefore = pairs.TryGetValue("before", out string? beforeText);
        if (whom.Length > 1 || (isBefore && whom is ["jti" or "sid"]))
        {
            fault = isBefore ? "before goes with sub and issuer only" : $"{whom[0]} and {whom[1]} do not go together";
            return false;
        }

        if (whom.Length == 0 && issuer.Length == 0 && !isBefore)
        {
            fault = "whom it is about is missing: jti, sub, sid, issuer or before";
            return false;
        }

        RevocationKind kind = isBefore ? RevocationKind.Before
            : whom.Length == 0 ? RevocationKind.Issuer
            : whom[0] switch { "jti" => RevocationKind.Token, "sub" => RevocationKind.Subject, _ => RevocationKind.Session };
        DateTimeOffset before = default;
        DateTimeOffset until = defaultUntil;
        if (isBefore && !TryReadTime(beforeText!, now, out before))
        {
            fault = "before needs a time such as '2026-11-21T09:00:00Z', or 'now'";
            return false;
        }

        if (!TryReadEnd(pairs, now, ref until))
        {
            fault = "until needs a time such as '2026-11-21T09:00:00Z', and for a time span such as '90s', '15m', '24h' or '7d'; one of them";
            return false;
        }

        entry = new RevocationEntry(new RevocationKey(kind, issuer, whom.Length == 0 ? "" : pairs[whom[0]]))
        {
            Before = before,
            Until = until,
            Source = pairs.GetValueOrDefault("source", ""),
            Reason = pairs.GetValueOrDefault("reason", ""),
        };
        return true;
    }

    /// <summary>The order as a line that <see cref="TryRead"/> reads as the same.</summary>
    public static string Write(RevocationEntry entry)
    {
        var line = new StringBuilder();
        void Add(string name, string value) => line.Append(line.Length == 0 ? "" : " ").Append(name).Append(" '").Append(value.Replace("'", "''", StringComparison.Ordinal)).Append('\'');

        switch (entry.Key.Kind)
        {
            case RevocationKind.Token:
                Add("jti", entry.Key.Value);
                break;
            case RevocationKind.Session:
                Add("sid", entry.Key.Value);
                break;
            case RevocationKind.Before:
                Add("before", WriteTime(entry.Before));
                break;
            default:
                break;
        }

        if (entry.Key is { Kind: RevocationKind.Subject or RevocationKind.Before, Value.Length: > 0 })
        {
            Add("sub", entry.Key.Value);
        }

        if (entry.Key.Issuer.Length > 0)
        {
            Add("issuer", entry.Key.Issuer);
        }

        if (entry.Until != DateTimeOffset.MaxValue)
        {
            Add("until", WriteTime(entry.Until));
        }

        if (entry.Source.Length > 0)
        {
            Add("source", entry.Source);
        }

        if (entry.Reason.Length > 0)
        {
            Add("reason", entry.Reason);
        }

        return line.ToString();
    }

    /// <summary>RFC 3339, in UTC, to the millisecond.</summary>
    public static string WriteTime(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static bool TryCutValue(string line, ref int at, [NotNullWhen(true)] out string? value)
    {
        var text = new StringBuilder();
        for (int i = at + 1; i < line.Length; i++)
        {
            if (line[i] != '\'')
            {
                text.Append(line[i]);
            }
            else if (i + 1 < line.Length && line[i + 1] == '\'')
            {
                text.Append('\'');
                i++;
            }
            else
            {
                at = i + 1;
                value = text.ToString();
                return true;
            }
        }

        value = null;
        return false;
    }

    private static bool TryPair(
        IReadOnlyList<RevocationWord> words, [NotNullWhen(true)] out Dictionary<string, string>? pairs, [NotNullWhen(false)] out string? fault)
    {
        pairs = [];
        for (int i = 0; i < words.Count; i += 2)
        {
            string name = words[i].Text.ToLowerInvariant();
            int bound = name is "reason" or "source" ? MaxReasonCharacters : MaxValueCharacters;
            fault = words[i].IsQuoted || !Names.Contains(name) ? $"\"{Cut(words[i].Text)}\" is none of {string.Join(", ", Names)}"
                : i + 1 >= words.Count || !words[i + 1].IsQuoted ? $"{name} needs a value between single quotes"
                : words[i + 1].Text.Length is 0 || words[i + 1].Text.Length > bound ? $"the value of {name} has 1 to {bound} characters"
                : words[i + 1].Text.Any(char.IsControl) ? $"the value of {name} holds a control character"
                : !pairs.TryAdd(name, words[i + 1].Text) ? $"{name} stands there twice"
                : null;
            if (fault is not null)
            {
                return false;
            }
        }

        fault = null;
        return true;
    }

    private static string Cut(string text) => text.Length <= 64 ? text : text[..64];

    private static bool TryReadTime(string text, DateTimeOffset now, out DateTimeOffset time)
    {
        if (text == "now")
        {
            // iat counts whole seconds: what was issued in this one may be from before.
            time = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() + 1);
            return true;
        }

        time = default;
        return text.Length > 0 && (text[^1] is 'Z' || text.LastIndexOfAny(['+', '-']) > 10)
            && DateTimeOffset.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out time);
    }

    private static bool TryReadEnd(Dictionary<string, string> pairs, DateTimeOffset now, ref DateTimeOffset until)
    {
        if (pairs.TryGetValue("until", out string? text))
        {
            return !pairs.ContainsKey("for") && text != "now" && TryReadTime(text, now, out until);
        }

        if (!pairs.TryGetValue("for", out string? span))
        {
            return true;
        }

        double unit = span[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        if (unit == 0 || !int.TryParse(span.AsSpan(0, span.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count == 0 || count * unit > 100 * 366 * 86400.0)
        {
            return false;
        }

        until = now + TimeSpan.FromSeconds(count * unit);
        return true;
    }
}
