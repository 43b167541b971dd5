using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PoolProxy.Identity.Claims;

/// <summary>
/// JSON in one form only: ASCII, names sorted, no white space, integers in plain digits. ASCII because the text goes into SQL whose
/// client_encoding a client may choose; one form because equal texts decide whether two clients are the same identity.
/// </summary>
internal static class CanonicalJson
{
    // Digits enough for any claim that means something; jsonb would unfold 1e100000 into as many digits.
    private const int MaxNumberCharacters = 64;

    /// <summary>Writes <paramref name="exposed"/>; false when it passes <paramref name="maxBytes"/> or holds an unusable number.</summary>
    public static bool TryWrite(ExposedObject exposed, int maxBytes, [NotNullWhen(true)] out string? json)
    {
        var text = new StringBuilder();
        bool written = TryWriteExposed(text, exposed, maxBytes) && text.Length <= maxBytes;
        json = written ? text.ToString() : null;
        return written;
    }

    private static bool TryWriteExposed(StringBuilder text, ExposedObject exposed, int maxBytes)
    {
        text.Append('{');
        bool first = true;
        foreach ((string name, ExposedObject.Entry entry) in exposed.Entries)
        {
            WriteName(text, name, ref first);
            if (!(entry.Nested is null ? TryWriteValue(text, entry.Value, maxBytes) : TryWriteExposed(text, entry.Nested, maxBytes)))
            {
                return false;
            }
        }

        text.Append('}');
        return true;
    }

    // Recursion is bounded by JsonBounds.MaxDepth; length is looked at per value so that a large claim stops early.
    private static bool TryWriteValue(StringBuilder text, JsonElement value, int maxBytes)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return TryWriteObject(text, value, maxBytes);
            case JsonValueKind.Array:
                return TryWriteArray(text, value, maxBytes);
            case JsonValueKind.String:
                WriteText(text, value.GetString()!);
                break;
            case JsonValueKind.Number:
                if (!TryWriteNumber(text, value))
                {
                    return false;
                }

                break;
            case JsonValueKind.True:
                text.Append("true");
                break;
            case JsonValueKind.False:
                text.Append("false");
                break;
            default:
                text.Append("null");
                break;
        }

        return text.Length <= maxBytes;
    }

    private static bool TryWriteObject(StringBuilder text, JsonElement value, int maxBytes)
    {
        text.Append('{');
        bool first = true;
        foreach (JsonProperty property in value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
        {
            WriteName(text, property.Name, ref first);
            if (!TryWriteValue(text, property.Value, maxBytes))
            {
                return false;
            }
        }

        text.Append('}');
        return true;
    }

    private static bool TryWriteArray(StringBuilder text, JsonElement value, int maxBytes)
    {
        text.Append('[');
        bool first = true;
        foreach (JsonElement element in value.EnumerateArray())
        {
            if (!first)
            {
                text.Append(',');
            }

            first = false;
            if (!TryWriteValue(text, element, maxBytes))
            {
                return false;
            }
        }

        text.Append(']');
        return true;
    }

    private static bool TryWriteNumber(StringBuilder text, JsonElement value)
    {
        if (value.TryGetInt64(out long integer))
        {
            text.Append(CultureInfo.InvariantCulture, $"{integer}");
            return true;
        }

        string raw = value.GetRawText();
        if (raw.Length > MaxNumberCharacters || !value.TryGetDouble(out double number) || !double.IsFinite(number))
        {
            return false;
        }

        text.Append(raw);
        return true;
    }

    private static void WriteName(StringBuilder text, string name, ref bool first)
    {
        if (!first)
        {
            text.Append(',');
        }

        first = false;
        WriteText(text, name);
        text.Append(':');
    }

    private static void WriteText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char character in value)
        {
            if (character is '"' or '\\')
            {
                text.Append('\\').Append(character);
            }
            else if (character is >= ' ' and <= '~')
            {
                text.Append(character);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            }
        }

        text.Append('"');
    }
}
