using System.Buffers.Binary;
using System.Text;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Testing.Wire;

/// <summary>
/// One message as it was on the wire. It prints as its notation, such as <c>CommandComplete "SELECT 1"</c>, from which it can be made
/// again byte for byte: name, then fields; quoted text for String, value and bytes; numbers; lists in parentheses.
/// </summary>
public sealed class WireMessage
{
    private readonly byte[] _bytes;

    private WireMessage(Side side, byte[] bytes)
    {
        Side = side;
        _bytes = bytes;
    }

    /// <summary>Who sent it.</summary>
    public Side Side { get; }

    /// <summary>The whole message, header included.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The type byte.</summary>
    public byte Type => _bytes[0];

    /// <summary>What is behind the header.</summary>
    public ReadOnlySpan<byte> Body => _bytes.AsSpan(Frame.HeaderLength);

    /// <summary>The documentation's name; <c>Unknown(x)</c> for a type byte that it does not have.</summary>
    public string Name => ToString().Split(' ')[0];

    /// <summary>The first String of its body: a CommandComplete's tag, a Query's text, a ParameterStatus' name.</summary>
    public string Text => TextAt(0);

    /// <summary>A DataRow's values as UTF-8, null for null.</summary>
    public IReadOnlyList<string?> Values
    {
        get
        {
            var values = new List<string?>();
            ReadOnlySpan<byte> rest = Body[sizeof(short)..];
            while (!rest.IsEmpty)
            {
                int length = BinaryPrimitives.ReadInt32BigEndian(rest);
                rest = rest[sizeof(int)..];
                values.Add(length < 0 ? null : Encoding.UTF8.GetString(rest[..length]));
                rest = rest[Math.Max(length, 0)..];
            }
            return values;
        }
    }

    /// <summary>A ReadyForQuery's status.</summary>
    public TransactionStatus TransactionStatus => (TransactionStatus)Body[0];

    /// <summary>An error's or notice's SQLSTATE; empty where it has none.</summary>
    public string SqlState => ErrorField('C') ?? "";

    /// <summary>An error's or notice's message.</summary>
    public string ErrorText => ErrorField('M') ?? "";

    /// <summary>Takes a whole message from the wire.</summary>
    public static WireMessage FromBytes(Side side, byte[] bytes) => new(side, bytes);

    /// <summary>Makes a message from its notation.</summary>
    /// <exception cref="FormatException">The notation is wrong.</exception>
    public static WireMessage Parse(Side side, string notation)
    {
        var reader = new NotationReader(notation);
        return new WireMessage(side, MessageEncoder.Encode(MessageShape.Named(side, reader.ReadWord()), reader));
    }

    /// <summary>Makes a frontend's message from its notation.</summary>
    public static WireMessage Frontend(string notation) => Parse(Side.Frontend, notation);

    /// <summary>Makes a backend's message from its notation.</summary>
    public static WireMessage Backend(string notation) => Parse(Side.Backend, notation);

    /// <summary>The String number <paramref name="index"/> of a body that is made of Strings.</summary>
    public string TextAt(int index)
    {
        ReadOnlySpan<byte> rest = Body;
        for (int skipped = 0; skipped < index; skipped++)
        {
            rest = rest[(rest.IndexOf((byte)0) + 1)..];
        }
        return Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    /// <summary>A field of an error or notice by its letter (protocol-error-fields.html), null where it has none.</summary>
    public string? ErrorField(char letter)
    {
        ReadOnlySpan<byte> rest = Body;
        while (rest.Length > 1)
        {
            int end = rest.IndexOf((byte)0);
            if (rest[0] == letter)
            {
                return Encoding.UTF8.GetString(rest[1..end]);
            }
            rest = rest[(end + 1)..];
        }
        return null;
    }

    /// <summary>Whether both are the same message, byte for byte.</summary>
    public bool SameBytes(WireMessage other) => _bytes.AsSpan().SequenceEqual(other._bytes);

    /// <summary>The notation; bytes that fit no shape print as <c>Unknown(x) "bytes"</c>.</summary>
    public override string ToString()
    {
        foreach (MessageShape shape in MessageShape.Typed(Side, Type))
        {
            if (MessagePrinter.Print(shape, Body) is { } text)
            {
                return text;
            }
        }
        var unknown = new StringBuilder($"Unknown({(char)Type}) ");
        MessagePrinter.Quote(unknown, Body);
        return unknown.ToString();
    }
}
