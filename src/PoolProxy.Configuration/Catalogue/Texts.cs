namespace PoolProxy.Configuration.Catalogue;

/// <summary>Checks that texts of many kinds share.</summary>
internal static class Texts
{
    /// <summary>No NUL, which would end a string in PostgreSQL's protocol and in every path; no more than <paramref name="maxLength"/> characters.</summary>
    public static SettingProblem? CheckPlain(string text, int maxLength)
    {
        if (text.Contains('\0', StringComparison.Ordinal)) return new("the text has a NUL");
        return text.Length > maxLength ? new("the text is too long", $"It may have {maxLength} characters.") : null;
    }
}
