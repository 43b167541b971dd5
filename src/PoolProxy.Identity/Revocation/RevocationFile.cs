using System.Diagnostics.CodeAnalysis;

namespace PoolProxy.Identity.Revocation;

/// <summary>A file of orders, one a line (<see cref="RevocationText"/>); empty lines and those that begin with <c>#</c> count for nothing.</summary>
public static class RevocationFile
{
    /// <summary>The longest file, in bytes.</summary>
    public const int MaxBytes = 32 * 1024 * 1024;

    /// <summary>Reads it all, or nothing; on false <paramref name="fault"/> names the first line that is not understood, and never shows it.</summary>
    public static bool TryRead(
        string text, int maxEntries, DateTimeOffset now, DateTimeOffset defaultUntil, [NotNullWhen(true)] out List<RevocationEntry>? entries, [NotNullWhen(false)] out string? fault)
    {
        entries = [];
        int number = 0;
        foreach (ReadOnlySpan<char> raw in text.AsSpan().EnumerateLines())
        {
            number++;
            ReadOnlySpan<char> line = raw.Trim();
            if (line.IsEmpty || line[0] == '#')
            {
                continue;
            }

            RevocationEntry? entry = null;
            fault = entries.Count == maxEntries ? $"it has more than {maxEntries} orders (max_entries)"
                : !RevocationText.TryCut(line.ToString(), out List<RevocationWord> words) ? $"line {number}: words and values between single quotes are expected"
                : !RevocationText.TryRead(words, now, defaultUntil, out entry, out string? why) ? $"line {number}: {why}"
                : null;
            if (fault is not null)
            {
                return false;
            }

            entries.Add(entry!);
        }

        fault = null;
        return true;
    }
}
