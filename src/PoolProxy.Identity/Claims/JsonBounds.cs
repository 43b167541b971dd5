using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace PoolProxy.Identity.Claims;

/// <summary>
/// The only way from bytes to JSON here. What System.Text.Json would meet too late (half a surrogate pair throws only when the string is
/// read) or too deep is found by one pass over the bytes before it parses.
/// </summary>
internal static class JsonBounds
{
    /// <summary>Objects and arrays within each other, the outermost counted.</summary>
    public const int MaxDepth = 16;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };
    private static readonly JsonDocumentOptions WithDuplicates = new() { AllowDuplicateProperties = true, MaxDepth = MaxDepth };

    /// <summary>Reads one object; <paramref name="root"/> is a clone that holds on to nothing of <paramref name="json"/>.</summary>
    public static JsonFault TryReadObject(ReadOnlyMemory<byte> json, out JsonElement root)
    {
        root = default;
        JsonFault fault = Scan(json.Span);
        if (fault != JsonFault.None)
        {
            return fault;
        }

        if (!TryParse(json, Strict, out root))
        {
            return TryParse(json, WithDuplicates, out root) ? JsonFault.DuplicateName : JsonFault.NotJson;
        }

        return root.ValueKind == JsonValueKind.Object ? JsonFault.None : JsonFault.NotAnObject;
    }

    private static bool TryParse(ReadOnlyMemory<byte> json, JsonDocumentOptions options, out JsonElement root)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, options);
            root = document.RootElement.Clone();
            return true;
        }
        catch (JsonException)
        {
            root = default;
            return false;
        }
    }

    // Only counts brackets and looks at escapes inside strings; whether it is JSON at all is the parser's question.
    private static JsonFault Scan(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            return JsonFault.NotUtf8;
        }

        int depth = 0;
        bool inString = false;
        for (int index = 0; index < json.Length; index++)
        {
            byte current = json[index];
            if (!inString)
            {
                inString = current == (byte)'"';
                depth += current is (byte)'{' or (byte)'[' ? 1 : current is (byte)'}' or (byte)']' ? -1 : 0;
                if (depth > MaxDepth)
                {
                    return JsonFault.TooDeep;
                }
            }
            else if (current == (byte)'"')
            {
                inString = false;
            }
            else if (current == (byte)'\\' && !TrySkipEscape(json, ref index))
            {
                return JsonFault.BadText;
            }
        }

        return JsonFault.None;
    }

    // index stands on the backslash and ends on the escape's last byte. A malformed escape is left to the parser.
    private static bool TrySkipEscape(ReadOnlySpan<byte> json, ref int index)
    {
        if (!TryReadUnit(json[index..], out int unit))
        {
            index++;
            return true;
        }

        index += 5;
        if (unit == 0 || char.IsLowSurrogate((char)unit))
        {
            return false;
        }

        if (!char.IsHighSurrogate((char)unit))
        {
            return true;
        }

        if (!TryReadUnit(json[(index + 1)..], out int low) || !char.IsLowSurrogate((char)low))
        {
            return false;
        }

        index += 6;
        return true;
    }

    private static bool TryReadUnit(ReadOnlySpan<byte> escape, out int unit)
    {
        unit = 0;
        return escape.Length >= 6 && escape[0] == (byte)'\\' && escape[1] == (byte)'u'
            && int.TryParse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out unit);
    }
}
