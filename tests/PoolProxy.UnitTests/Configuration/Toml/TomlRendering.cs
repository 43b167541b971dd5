using System.Globalization;
using PoolProxy.Configuration.Toml;

namespace PoolProxy.UnitTests.Configuration.Toml;

/// <summary>Writes a document as one line, types visible, so that a test can say what it expects.</summary>
internal static class TomlRendering
{
    public static string Render(TomlValue value) => value switch
    {
        TomlString text => $"'{text.Value.Replace("\n", "<LF>", StringComparison.Ordinal)}'",
        TomlInteger number => number.Value.ToString(CultureInfo.InvariantCulture),
        TomlFloat number => "f" + number.Value.ToString("R", CultureInfo.InvariantCulture),
        TomlBoolean truth => truth.Value ? "true" : "false",
        TomlOffsetDateTime instant => instant.Value.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture),
        TomlLocalDateTime local => local.Value.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        TomlLocalDate date => date.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TomlLocalTime time => time.Value.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
        TomlArray array => $"[{string.Join(", ", array.Items.Select(Render))}]",
        TomlTable table => $"{{{string.Join(", ", table.Entries.Select(entry => $"{entry.Key}={Render(entry.Value)}"))}}}",
        _ => throw new InvalidOperationException(value.TypeName),
    };
}
