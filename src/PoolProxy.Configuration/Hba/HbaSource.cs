namespace PoolProxy.Configuration.Hba;

/// <summary>
/// The lines of an HBA or ident file and of those that it includes (<c>include</c>, <c>include_if_exists</c>, <c>include_dir</c>, as in PostgreSQL 16), and the lists of
/// names that it keeps in files of their own (<c>@file</c>). A relative name lies beside the file that names it. Bounded in depth, number and length.
/// </summary>
/// <param name="faults">Where faults go.</param>
/// <param name="files">The other files.</param>
internal sealed class HbaSource(FaultList faults, AccessFiles files)
{
    /// <summary>How deep files may name others, as in PostgreSQL.</summary>
    public const int MaxDepth = 10;

    /// <summary>How many files are read in all.</summary>
    public const int MaxFiles = 1000;

    /// <summary>The longest file read, in characters.</summary>
    public const int MaxTextLength = AccessFiles.MaxTextLength;

    /// <summary>Reading ends after this many faults.</summary>
    public const int MaxFaults = 100;

    private int _fileCount;

    /// <summary>Gives every line of <paramref name="text"/>, and of what it includes, to <paramref name="take"/>, in order.</summary>
    public void Read(string text, string fileName, Action<HbaFields> take) => Read(text, fileName, file: 0, depth: 0, take);

    /// <summary>The words of the file that <paramref name="word"/> names behind its <c>@</c>, those of all lines; with a fault none.</summary>
    public IReadOnlyList<HbaWord> ReadNames(HbaWord word, HbaFields from, List<string> within)
    {
        var path = Beside(from.FileName, word.Text[1..]);
        if (within.Contains(path) || from.Depth + within.Count >= MaxDepth)
        {
            faults.Add(word.Position, "files name one another too deeply", $"{MaxDepth} levels are read.");
            return [];
        }

        if (Open(path, word.Position, mayLack: false) is not { } text) return [];
        var names = new List<HbaWord>();
        within.Add(path);
        Read(text, path, faults.Positions.AddFile(path), MaxDepth, fields =>
        {
            foreach (var name in fields.Fields.SelectMany(field => field))
                if (name.HasSign('@')) names.AddRange(ReadNames(name, fields with { Depth = from.Depth }, within));
                else names.Add(name);
        });
        within.RemoveAt(within.Count - 1);
        return names;
    }

    private void Read(string text, string fileName, int file, int depth, Action<HbaFields> take)
    {
        if (text.Length > MaxTextLength)
        {
            faults.Add(new(1, 1, file), $"the file is longer than {MaxTextLength} characters");
            return;
        }

        foreach (var record in HbaRecord.Of(text, file))
        {
            if (faults.Count >= MaxFaults) return;
            if (HbaWords.Cut(record, faults) is not { Count: > 0 } cut) continue;
            var fields = new HbaFields(fileName, depth, cut);
            if (!Include(fields, take)) take(fields);
        }
    }

    private bool Include(HbaFields fields, Action<HbaFields> take)
    {
        // In a file of names these are names.
        if (fields.Depth >= MaxDepth || fields.Single(0) is not { IsQuoted: false, Text: "include" or "include_if_exists" or "include_dir" } directive) return false;
        if (fields.Fields.Count != 2 || fields.Single(1) is not { } named) faults.Add(directive.Position, $"{directive.Text} takes one name", "A name with blanks or commas goes in double quotes.");
        else if (fields.Depth + 1 >= MaxDepth) faults.Add(named.Position, "files name one another too deeply", $"{MaxDepth} levels are read.");
        else if (directive.Text == "include_dir") IncludeFolder(Beside(fields.FileName, named.Text), named.Position, fields.Depth, take);
        else IncludeFile(Beside(fields.FileName, named.Text), named.Position, fields.Depth, directive.Text == "include_if_exists", take);
        return true;
    }

    private void IncludeFile(string path, SourcePosition position, int depth, bool mayLack, Action<HbaFields> take)
    {
        if (Open(path, position, mayLack) is { } text) Read(text, path, faults.Positions.AddFile(path), depth + 1, take);
    }

    // As in PostgreSQL: what ends in .conf and does not begin with a dot, in the order of its bytes.
    private void IncludeFolder(string folder, SourcePosition position, int depth, Action<HbaFields> take)
    {
        var (names, failure) = files.List(folder);
        if (names is null) faults.Add(position, $"{folder}: {failure}");
        else
            foreach (var name in names.Where(name => name.EndsWith(".conf", StringComparison.Ordinal) && name[0] != '.').Order(StringComparer.Ordinal))
                IncludeFile(Path.Combine(folder, name), position, depth, mayLack: false, take);
    }

    private string? Open(string path, SourcePosition position, bool mayLack)
    {
        if (++_fileCount > MaxFiles)
        {
            faults.Add(position, $"more than {MaxFiles} files are named");
            return null;
        }

        var (text, failure) = files.Read(path);
        if (text is null && !(mayLack && failure is null or "")) faults.Add(position, $"{path}: {(failure is null or "" ? "there is no such file" : failure)}");
        return text;
    }

    private static string Beside(string file, string name) => Path.Combine(Path.GetDirectoryName(file) ?? "", name);
}
