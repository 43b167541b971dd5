using System.Buffers.Binary;
using System.Text;
using PoolProxy.Protocol.Messages.Backend;
using PoolProxy.Testing.Wire;

namespace PoolProxy.Testing.Console;

/// <summary>A RowDescription of a console in the notation of <see cref="PgBouncerColumns"/>.</summary>
public static class ConsoleDescription
{
    /// <summary>What SHOW <paramref name="noun"/> describes its rows with, asked by a simple Query, as scripts do.</summary>
    public static async Task<string> OfAsync(RawClient console, string noun)
    {
        IReadOnlyList<WireMessage> messages = await console.QueryAsync("SHOW " + noun.ToUpperInvariant());
        return Read(messages.SingleOrDefault(message => message.Name == "RowDescription") ?? throw new InvalidDataException($"SHOW {noun}: {string.Join("; ", messages)}"));
    }

    /// <summary>The letter of a type; ? for one that PgBouncer's console does not use.</summary>
    public static char LetterOf(int type) => type switch
    {
        TypeOid.Text => 's',
        TypeOid.Int4 => 'i',
        TypeOid.Int8 => 'q',
        TypeOid.Numeric => 'N',
        TypeOid.Bytea => 'b',
        _ => '?',
    };

    // Everything that follows from the type has to be as PgBouncer writes it too: no table, the type's length, no modifier, text.
    private static string Read(WireMessage description)
    {
        var text = new StringBuilder();
        ReadOnlySpan<byte> rest = description.Body[sizeof(short)..];
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)0);
            string name = Encoding.UTF8.GetString(rest[..end]);
            ReadOnlySpan<byte> fields = rest.Slice(end + 1, 18);
            char letter = LetterOf(BinaryPrimitives.ReadInt32BigEndian(fields[6..]));
            var tail = (
                Table: BinaryPrimitives.ReadInt32BigEndian(fields), Attribute: BinaryPrimitives.ReadInt16BigEndian(fields[4..]), Length: BinaryPrimitives.ReadInt16BigEndian(fields[10..]),
                Modifier: BinaryPrimitives.ReadInt32BigEndian(fields[12..]), Format: BinaryPrimitives.ReadInt16BigEndian(fields[16..]));
            int length = letter switch { 'i' => 4, 'q' => 8, _ => -1 };
            text.Append(text.Length == 0 ? "" : " ").Append(name).Append(':').Append(letter);
            if (tail != (0, 0, length, -1, 0))
            {
                text.Append(tail);
            }
            rest = rest[(end + 19)..];
        }
        return text.ToString();
    }
}
