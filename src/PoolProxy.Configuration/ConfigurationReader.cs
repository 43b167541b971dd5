using System.Text;
using System.Text.Unicode;
using PoolProxy.Configuration.Reading;
using PoolProxy.Configuration.Toml;
using PoolProxy.Configuration.Validation;

namespace PoolProxy.Configuration;

/// <summary>Reads a pool.toml. All faults are collected: those of TOML, of single values, and of values that do not go together.</summary>
public static class ConfigurationReader
{
    /// <summary>Reads <paramref name="text"/>; <paramref name="fileName"/> is what faults call it. Files that it names are not opened.</summary>
    public static ConfigurationResult Read(string text, string fileName)
    {
        var faults = new FaultList(fileName);
        var document = TomlReader.Read(text);
        foreach (var fault in document.Faults) faults.Add(fault.Position, fault.Message, fault.Hint);

        var isWhole = document.Faults.Count == 0;
        var configuration = new RootReader(new SectionReader(faults, isWhole)).Read(document.Root);

        // Across values only where each of them is well: else one mistake would be blamed in many places.
        if (faults.Count == 0) faults.AddRange(ConfigurationValidator.Validate(configuration, faults.Positions));
        return new(faults.Count == 0 ? configuration : null, faults.InOrder, faults.Positions);
    }

    /// <summary>As <see cref="Read(string, string)"/>, from a file's bytes: TOML is UTF-8, and a byte that is not is a fault at its place.</summary>
    public static ConfigurationResult Read(ReadOnlySpan<byte> utf8, string fileName)
    {
        if (Utf8.IsValid(utf8)) return Read(Encoding.UTF8.GetString(utf8), fileName);
        var faults = new FaultList(fileName);
        faults.Add(FirstInvalid(utf8), "the file is not UTF-8 from here on");
        return new(null, faults.InOrder, faults.Positions);
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
