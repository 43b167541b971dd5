using System.Text;
using PoolProxy.Core.Backend.Parameters;

namespace PoolProxy.Core.Relay;

/// <summary>Whether the scanner can read a client's texts: in some encodings a byte of a letter looks like a sign of SQL.</summary>
internal sealed class ClientEncoding(RelayClient client)
{
    private ParameterSet? _of;
    private bool _isReadable;

    /// <summary>As of the client's parameters now.</summary>
    public bool IsReadable
    {
        get
        {
            if (!ReferenceEquals(_of, client.Parameters))
            {
                _of = client.Parameters;
                var name = client.Shared.Registry.Names.Find("client_encoding");
                _isReadable = name is null || client.Parameters[name] is not { } value || IsPlain(value);
            }

            return _isReadable;
        }
    }

    /// <summary>As the client's session has it; UTF8 where nobody has said.</summary>
    public static string Of(RelayClient client) =>
        client.Shared.Registry.Names.Find("client_encoding") is { } name && client.Parameters[name] is { } value ? Encoding.UTF8.GetString(value) : "UTF8";

    /// <summary>Encodings, as servers spell them, whose letters beyond ASCII hold no byte of ASCII.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> encoding) =>
        encoding.SequenceEqual("UTF8"u8) || encoding.SequenceEqual("SQL_ASCII"u8) || encoding.StartsWith("LATIN"u8) || encoding.StartsWith("ISO_8859_"u8)
        || encoding.StartsWith("WIN125"u8) || encoding.StartsWith("KOI8"u8) || encoding.StartsWith("EUC_"u8);
}
