using System.Buffers.Binary;
using System.Text;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Testing.Wire;

/// <summary>Writes and reads the packets that have no type byte (protocol-message-formats.html).</summary>
public static class StartupPackets
{
    /// <summary>Protocol 3.0.</summary>
    public const int Version30 = 3 << 16;

    /// <summary>Protocol 3.2, PostgreSQL 18.</summary>
    public const int Version32 = Version30 | 2;

    /// <summary>The code of CancelRequest.</summary>
    public const int CancelCode = (1234 << 16) | 5678;

    /// <summary>The code of SSLRequest.</summary>
    public const int TlsCode = (1234 << 16) | 5679;

    /// <summary>The code of GSSENCRequest.</summary>
    public const int GssCode = (1234 << 16) | 5680;

    /// <summary>SSLRequest.</summary>
    public static byte[] SSLRequest() => Bare(TlsCode, []);

    /// <summary>GSSENCRequest.</summary>
    public static byte[] GSSENCRequest() => Bare(GssCode, []);

    /// <summary>CancelRequest.</summary>
    public static byte[] CancelRequest(int processId, ReadOnlySpan<byte> secretKey)
    {
        var rest = new byte[sizeof(int) + secretKey.Length];
        BinaryPrimitives.WriteInt32BigEndian(rest, processId);
        secretKey.CopyTo(rest.AsSpan(sizeof(int)));
        return Bare(CancelCode, rest);
    }

    /// <summary>StartupMessage.</summary>
    public static byte[] StartupMessage(int version, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        string text = string.Concat(parameters.Select(parameter => parameter.Key + "\0" + parameter.Value + "\0")) + "\0";
        return Bare(version, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Reads one of these packets from a peer: the version or code, and what is behind it.</summary>
    public static async Task<(int Code, byte[] Body)> ReadAsync(WireStream stream)
    {
        int length = BinaryPrimitives.ReadInt32BigEndian(await stream.ReadBytesAsync(sizeof(int)));
        byte[] packet = await stream.ReadBytesAsync(length - sizeof(int));
        return (BinaryPrimitives.ReadInt32BigEndian(packet), packet[sizeof(int)..]);
    }

    /// <summary>The parameters behind a StartupMessage's version.</summary>
    public static IReadOnlyDictionary<string, string> Parameters(byte[] rest)
    {
        string[] texts = Encoding.UTF8.GetString(rest).Split('\0');
        return texts.Chunk(2).Where(pair => pair.Length == 2 && pair[0].Length > 0).ToDictionary(pair => pair[0], pair => pair[1]);
    }

    private static byte[] Bare(int code, ReadOnlySpan<byte> rest)
    {
        using var writer = new MessageWriter();
        writer.BeginUntyped();
        writer.WriteInt32(code);
        writer.WriteBytes(rest);
        writer.End();
        return writer.WrittenSpan.ToArray();
    }
}
