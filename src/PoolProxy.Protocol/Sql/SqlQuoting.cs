using System.Buffers;
using System.Text.Unicode;

namespace PoolProxy.Protocol.Sql;

/// <summary>
/// Turns values into SQL text that means exactly them, whatever the session's settings are. Each form is total: it writes
/// the whole value and answers true, or writes nothing and answers false.
/// </summary>
/// <remarks>
/// Refused by all: NUL, which would end the text, and invalid UTF-8, whose last byte could swallow the closing quote (CVE-2025-1094);
/// the session must have client_encoding UTF8. Source: sql-syntax-lexical.html#SQL-SYNTAX-STRINGS-ESCAPE.
/// </remarks>
public static class SqlQuoting
{
    /// <summary>The longest identifier, in bytes, that PostgreSQL does not cut (NAMEDATALEN − 1).</summary>
    public const int MaxIdentifierLengthBytes = 63;

    /// <summary>
    /// Writes <c>E'…'</c> with <c>\</c> and <c>'</c> doubled. Never a plain literal: with standard_conforming_strings off a backslash in one
    /// would take the closing quote with it.
    /// </summary>
    public static bool TryAppendLiteral(IBufferWriter<byte> output, ReadOnlySpan<byte> utf8)
    {
        if (!IsText(utf8))
            return false;
        AppendCheckedLiteral(output, utf8);
        return true;
    }

    /// <summary>
    /// Writes <c>"…"</c> with <c>"</c> doubled. Also refused: an empty name, and one longer than <see cref="MaxIdentifierLengthBytes"/>, since
    /// PostgreSQL would cut it to the name of something else.
    /// </summary>
    public static bool TryAppendIdentifier(IBufferWriter<byte> output, ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty || utf8.Length > MaxIdentifierLengthBytes || !IsText(utf8))
            return false;
        output.Write("\""u8);
        AppendDoubling(output, utf8, (byte)'"', (byte)'"');
        output.Write("\""u8);
        return true;
    }

    /// <summary>
    /// Writes the value of a setting that is a list of names (<see cref="IsListSetting"/>), as SHOW and ParameterStatus
    /// report it, as the list of literals that SET takes: one literal would be one name with commas in it. An empty list
    /// becomes <c>E''</c>, one empty name, which PostgreSQL shows as <c>""</c> and takes for the same. Also refused: what is not such a list.
    /// </summary>
    public static bool TryAppendListSetting(IBufferWriter<byte> output, ReadOnlySpan<byte> utf8)
    {
        if (!IsText(utf8))
            return false;
        var checkedNames = new NameListReader(utf8);
        while (checkedNames.TryRead(out _, out _))
        {
        }

        if (!checkedNames.IsValid)
            return false;

        var names = new NameListReader(utf8);
        bool isFirst = true;
        while (names.TryRead(out ReadOnlySpan<byte> name, out bool isQuoted))
        {
            if (!isFirst)
                output.Write(","u8);
            isFirst = false;
            output.Write("E'"u8);
            if (isQuoted)
                AppendUnquoted(output, name);
            else
                AppendFolded(output, name);
            output.Write("'"u8);
        }

        if (isFirst)
            output.Write("E''"u8);
        return true;
    }

    /// <summary>
    /// Whether the setting's value is a list of names that are quoted where need be (GUC_LIST_QUOTE), which
    /// <see cref="TryAppendListSetting"/> is for. The name is compared without case.
    /// </summary>
    public static bool IsListSetting(ReadOnlySpan<byte> name) =>
        System.Text.Ascii.EqualsIgnoreCase(name, "search_path"u8)
        || System.Text.Ascii.EqualsIgnoreCase(name, "temp_tablespaces"u8)
        || System.Text.Ascii.EqualsIgnoreCase(name, "local_preload_libraries"u8)
        || System.Text.Ascii.EqualsIgnoreCase(name, "session_preload_libraries"u8)
        || System.Text.Ascii.EqualsIgnoreCase(name, "shared_preload_libraries"u8);

    /// <summary>
    /// What PostgreSQL makes of a name: its first <see cref="MaxIdentifierLengthBytes"/> bytes, without half a letter at the end (truncate_identifier in scansup.c).
    /// </summary>
    public static ReadOnlySpan<byte> Identifier(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length <= MaxIdentifierLengthBytes)
            return utf8;
        int end = MaxIdentifierLengthBytes;
        while (end > 0 && (utf8[end] & 0xC0) == 0x80)
            end--;
        return utf8[..end];
    }

    private static bool IsText(ReadOnlySpan<byte> utf8) => !utf8.Contains((byte)0) && Utf8.IsValid(utf8);

    private static void AppendCheckedLiteral(IBufferWriter<byte> output, ReadOnlySpan<byte> utf8)
    {
        output.Write("E'"u8);
        AppendDoubling(output, utf8, (byte)'\'', (byte)'\\');
        output.Write("'"u8);
    }

    private static void AppendDoubling(IBufferWriter<byte> output, ReadOnlySpan<byte> utf8, byte one, byte other)
    {
        while (true)
        {
            int at = utf8.IndexOfAny(one, other);
            if (at < 0)
            {
                output.Write(utf8);
                return;
            }

            output.Write(utf8[..(at + 1)]);
            output.Write(utf8.Slice(at, 1));
            utf8 = utf8[(at + 1)..];
        }
    }

    /// <summary>The inside of a quoted name, its doubled quotes made single, as the inside of a literal.</summary>
    private static void AppendUnquoted(IBufferWriter<byte> output, ReadOnlySpan<byte> inside)
    {
        while (true)
        {
            int at = inside.IndexOf((byte)'"');
            AppendDoubling(output, at < 0 ? inside : inside[..(at + 1)], (byte)'\'', (byte)'\\');
            if (at < 0)
                return;
            inside = inside[(at + 2)..];
        }
    }

    private static void AppendFolded(IBufferWriter<byte> output, ReadOnlySpan<byte> name)
    {
        Span<byte> lower = stackalloc byte[1];
        foreach (byte value in name)
        {
            lower[0] = value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;
            AppendDoubling(output, lower, (byte)'\'', (byte)'\\');
        }
    }
}
