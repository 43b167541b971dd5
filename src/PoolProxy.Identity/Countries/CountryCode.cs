namespace PoolProxy.Identity.Countries;

/// <summary>Two letters of ISO 3166-1, or nothing.</summary>
/// <param name="Letters">The letters in ASCII, the first in the high byte; 0 is no country.</param>
public readonly record struct CountryCode(ushort Letters)
{
    /// <summary>Two capital letters.</summary>
    public static bool TryParse(string text, out CountryCode code)
    {
        bool isCode = text is [>= 'A' and <= 'Z', >= 'A' and <= 'Z'];
        code = isCode ? new CountryCode((ushort)((text[0] << 8) | text[1])) : default;
        return isCode;
    }

    internal static CountryCode Of(ReadOnlySpan<byte> text) =>
        text is [>= (byte)'A' and <= (byte)'Z', >= (byte)'A' and <= (byte)'Z'] ? new CountryCode((ushort)((text[0] << 8) | text[1])) : default;

    /// <inheritdoc/>
    public override string ToString() => Letters == 0 ? "(none)" : $"{(char)(Letters >> 8)}{(char)(Letters & 0xFF)}";
}
