using System.Buffers.Binary;
using PoolProxy.Testing.Wire;

namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>Bytes that a client is about to send, as messages.</summary>
internal static class FrontendBytes
{
    public static IReadOnlyList<WireMessage> Split(ReadOnlyMemory<byte> bytes)
    {
        var messages = new List<WireMessage>();
        while (!bytes.IsEmpty)
        {
            int length = 1 + BinaryPrimitives.ReadInt32BigEndian(bytes.Span[1..]);
            messages.Add(WireMessage.FromBytes(Side.Frontend, bytes[..length].ToArray()));
            bytes = bytes[length..];
        }
        return messages;
    }
}
