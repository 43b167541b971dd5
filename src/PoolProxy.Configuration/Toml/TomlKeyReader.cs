namespace PoolProxy.Configuration.Toml;

/// <summary>Reads keys: bare, quoted and dotted. TOML 1.0, "Keys".</summary>
internal sealed class TomlKeyReader(TomlCursor cursor, TomlStringReader strings, TomlFaults faults)
{
    /// <summary>Reads one key with all its parts and the blanks behind it.</summary>
    public bool TryRead(out List<TomlKeyPart> key)
    {
        key = [];
        do
        {
            cursor.SkipBlanks();
            if (!TryReadPart(out var part)) return false;
            if (key.Count == TomlLimits.MaxDepth) return faults.Add(part.Position, $"the key has more than {TomlLimits.MaxDepth} parts");
            key.Add(part);
            cursor.SkipBlanks();
        }
        while (cursor.TryTake('.'));
        return true;
    }

    private bool TryReadPart(out TomlKeyPart part)
    {
        var position = cursor.Position;
        part = default;
        if (cursor.StartsWith("\"\"\"") || cursor.StartsWith("'''")) return faults.Add(position, "a string of several lines cannot be a key");
        if (cursor.Current is '"' or '\'')
        {
            if (!strings.TryReadSingleLine(out var quoted)) return false;
            part = new TomlKeyPart(quoted, position);
            return true;
        }
        var from = cursor.Offset;
        while (TomlCharacters.IsBareKey(cursor.Current)) cursor.Advance();
        if (cursor.Offset == from) return faults.Add(position, "expected a key", "Bare keys have letters, digits, _ and -; others stand in quotes.");
        part = new TomlKeyPart(cursor.Since(from).ToString(), position);
        return true;
    }
}
