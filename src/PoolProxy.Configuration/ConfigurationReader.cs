using System.Text;
using System.Text.Unicode;
using PoolProxy.Configuration.Ini;
using PoolProxy.Configuration.Reading;
using PoolProxy.Configuration.Toml;
using PoolProxy.Configuration.Validation;

namespace PoolProxy.Configuration;

/// <summary>Reads a pool.toml or a pgbouncer.ini. All faults are collected: those of the file's form, of single values, and of values that do not go together.</summary>
public static class ConfigurationReader
{
    /// <summary>Reads <paramref name="text"/>; <paramref name="fileName"/> is what faults call it. Files that it names are not opened.</summary>
    public static ConfigurationResult Read(string text, string fileName)
    {
        var faults = new FaultList(fileName);
        var document = TomlReader.Read(text);
        foreach (var fault in document.Faults) faults.Add(fault.Position, fault.Message, fault.Hint);
        return Read(document.Root, faults);
    }

    /// <summary>
    /// Reads a <c>pgbouncer.ini</c>, by the same catalogue and with the same checks.
    /// </summary>
    /// <param name="text">The file.</param>
    /// <param name="fileName">What faults call it.</param>
    /// <param name="include">The text of a file that <c>%include</c> names, or null and why it cannot be read.</param>
    public static ConfigurationResult ReadIni(string text, string fileName, Func<string, (string? Text, string? Failure)> include)
    {
        var faults = new FaultList(fileName);
        var entries = new IniReader(faults, include).Read(text);
        return Read(new IniTree(faults).Build(entries), faults);
    }

    /// <summary>Whether a file is a <c>pgbouncer.ini</c> and no pool.toml: by its name, or where that says nothing, by its first section.</summary>
    public static bool IsIni(string text, string fileName) => Path.GetExtension(fileName) switch
    {
        ".ini" => true,
        ".toml" => false,
        _ => text.AsSpan().TrimStart() is var start && start.IndexOf('[') is >= 0 and var at
            && (start[at..].StartsWith("[pgbouncer]", StringComparison.Ordinal) || start[at..].StartsWith("[databases]", StringComparison.Ordinal)),
    };

    /// <summary>As <see cref="Read(string, string)"/>, from a file's bytes: TOML is UTF-8, and a byte that is not is a fault at its place.</summary>
    public static ConfigurationResult Read(ReadOnlySpan<byte> utf8, string fileName)
    {
        if (Utf8.IsValid(utf8)) return Read(Encoding.UTF8.GetString(utf8), fileName);
        var faults = new FaultList(fileName);
        faults.Add(FirstInvalid(utf8), "the file is not UTF-8 from here on");
        return new(null, faults.InOrder, faults.Positions, faults.Notes);
    }

    internal static ConfigurationResult Read(TomlTable root, FaultList faults)
    {
        var isWhole = faults.Count == 0;
        var configuration = new RootReader(new SectionReader(faults, isWhole)).Read(root);

        // Across values only where each of them is well: else one mistake would be blamed in many places.
        if (faults.Count == 0)
        {
            faults.AddRange(ConfigurationValidator.Validate(configuration, faults.Positions, out var notes));
            faults.AddNotes(notes);
        }
        return new(faults.Count == 0 ? configuration : null, faults.InOrder, faults.Positions, faults.Notes);
    }

    private static SourcePosition FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        var position = SourcePosition.Start;
        while (Rune.DecodeFromUtf8(utf8, out var rune, out var length) == System.Buffers.OperationStatus.Done)
        {
            position = rune.Value == '\n' ? new(position.Line + 1, 1) : position with { Column = position.Column + 1 };
            utf8 = utf8[length..];
        }
        return position;
    }
}
