namespace PoolProxy.Configuration.Toml;

/// <summary>Puts tables and values in their place, and knows who may still be added to. TOML 1.0, "Table", "Inline Table", "Array of Tables".</summary>
internal sealed class TomlTree(TomlFaults faults)
{
    public TomlTable Root { get; } = new(TomlTableOrigin.Root, SourcePosition.Start);

    /// <summary><c>[key]</c>: the table that the following lines fill.</summary>
    public bool TryOpenTable(List<TomlKeyPart> key, out TomlTable table)
    {
        if (!TryWalkHeader(key, out table)) return false;
        var last = key[^1];
        if (!table.TryGet(last.Text, out var existing))
        {
            var created = new TomlTable(TomlTableOrigin.Header, last.Position);
            table.Add(last, created);
            table = created;
            return true;
        }
        if (existing.Value is not TomlTable { Origin: TomlTableOrigin.Implicit } known) return Refuse(last, existing);
        known.Origin = TomlTableOrigin.Header;
        table = known;
        return true;
    }

    /// <summary><c>[[key]]</c>: a new element at the array's end.</summary>
    public bool TryOpenElement(List<TomlKeyPart> key, out TomlTable table)
    {
        if (!TryWalkHeader(key, out table)) return false;
        var last = key[^1];
        if (!table.TryGet(last.Text, out var existing))
        {
            var created = new TomlArray(isOfTables: true, last.Position);
            table.Add(last, created);
            return Append(created, last, out table);
        }
        return existing.Value is TomlArray { IsOfTables: true } array ? Append(array, last, out table) : Refuse(last, existing);
    }

    /// <summary><c>key = value</c> below <paramref name="at"/>.</summary>
    public bool TryDefine(TomlTable at, List<TomlKeyPart> key, TomlValue value)
    {
        foreach (var part in key[..^1])
        {
            if (!at.TryGet(part.Text, out var existing))
            {
                var created = new TomlTable(TomlTableOrigin.Dotted, part.Position);
                at.Add(part, created);
                at = created;
                continue;
            }
            // A table with a header of its own, or in braces, is complete where it stands.
            if (existing.Value is not TomlTable { Origin: TomlTableOrigin.Dotted or TomlTableOrigin.Implicit } known) return Refuse(part, existing);
            known.Origin = TomlTableOrigin.Dotted;
            at = known;
        }
        if (at.TryGet(key[^1].Text, out var taken)) return Refuse(key[^1], taken);
        at.Add(key[^1], value);
        return true;
    }

    private static bool Append(TomlArray array, TomlKeyPart key, out TomlTable table)
    {
        table = new TomlTable(TomlTableOrigin.Element, key.Position);
        array.Add(table);
        return true;
    }

    private bool TryWalkHeader(List<TomlKeyPart> key, out TomlTable table)
    {
        table = Root;
        foreach (var part in key[..^1])
        {
            if (!table.TryGet(part.Text, out var existing))
            {
                var created = new TomlTable(TomlTableOrigin.Implicit, part.Position);
                table.Add(part, created);
                table = created;
                continue;
            }
            switch (existing.Value)
            {
                case TomlTable { Origin: not TomlTableOrigin.Inline } known: table = known; break;
                case TomlArray { IsOfTables: true } array: table = (TomlTable)array.Items[^1]; break;
                default: return Refuse(part, existing);
            }
        }
        return true;
    }

    private bool Refuse(TomlKeyPart key, TomlEntry existing) =>
        faults.Add(key.Position, $"\"{key.Text}\" is defined already", $"It is {existing.Value.TypeName} at line {existing.KeyPosition.Line}, which cannot be defined again or added to from here.");
}
