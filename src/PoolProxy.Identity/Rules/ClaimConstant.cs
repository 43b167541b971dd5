using System.Globalization;
using System.Text.Json;

namespace PoolProxy.Identity.Rules;

/// <summary>A value in a rule. JSON types are not mixed: the text <c>"true"</c> is not <c>true</c>, nor is <c>"7"</c> 7.</summary>
public sealed record ClaimConstant
{
    private readonly JsonValueKind _kind;
    private readonly long _integer;

    private ClaimConstant(JsonValueKind kind, string text, long integer)
    {
        _kind = kind;
        Text = text;
        _integer = integer;
    }

    /// <summary>The value as a rule writes it, without quotes.</summary>
    public string Text { get; }

    /// <summary>A JSON string.</summary>
    public static ClaimConstant Of(string text) => new(JsonValueKind.String, text, 0);

    /// <summary>A JSON number without fraction.</summary>
    public static ClaimConstant Of(long integer) => new(JsonValueKind.Number, integer.ToString(CultureInfo.InvariantCulture), integer);

    /// <summary>JSON true or false.</summary>
    public static ClaimConstant Of(bool boolean) => new(boolean ? JsonValueKind.True : JsonValueKind.False, boolean ? "true" : "false", 0);

    /// <summary>Whether <paramref name="value"/> is of this type and equal.</summary>
    public bool Equals(JsonElement value) =>
        value.ValueKind == _kind && _kind switch
        {
            JsonValueKind.String => value.ValueEquals(Text),
            JsonValueKind.Number => value.TryGetInt64(out long integer) && integer == _integer,
            _ => true,
        };
}
