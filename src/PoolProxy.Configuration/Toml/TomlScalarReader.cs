namespace PoolProxy.Configuration.Toml;

/// <summary>Reads what has no quotes and no brackets: booleans, numbers, dates and times.</summary>
internal sealed class TomlScalarReader(TomlCursor cursor, TomlFaults faults)
{
    public bool TryRead(out TomlValue value)
    {
        var position = cursor.Position;
        var token = TakeToken();
        value = null!;
        switch (token)
        {
            case "": return faults.Add(position, "expected a value");
            case "true" or "false":
                value = new TomlBoolean(token == "true", position);
                return true;
        }
        var isParsed = TomlDates.LooksLikeOne(token)
            ? TomlDates.TryParse(token, position, out var parsed, out var reason)
            : TomlNumbers.TryParse(token, position, out parsed, out reason);
        if (!isParsed) return faults.Add(position, reason ?? $"\"{Shorten(token)}\" is not a value", reason is null ? "Text stands in quotes." : null);
        value = parsed!;
        return true;
    }

    private string TakeToken()
    {
        var from = cursor.Offset;
        TakeWhileScalar();
        // A date and a time may be parted by one space instead of T.
        if (cursor.Since(from).Length == 10 && TomlDates.LooksLikeOne(cursor.Since(from)) && cursor.Current == ' '
            && char.IsAsciiDigit(cursor.Peek(1)) && char.IsAsciiDigit(cursor.Peek(2)) && cursor.Peek(3) == ':')
        {
            cursor.Advance();
            TakeWhileScalar();
        }
        return cursor.Since(from).ToString();
    }

    private void TakeWhileScalar()
    {
        while (!cursor.IsAtEnd && cursor.Current is not (' ' or '\t' or '\r' or '\n' or ',' or ']' or '}' or '#' or '=' or '"' or '\'' or '[' or '{')) cursor.Advance();
    }

    private static string Shorten(string token) => token.Length <= 40 ? token : token[..40] + "...";
}
