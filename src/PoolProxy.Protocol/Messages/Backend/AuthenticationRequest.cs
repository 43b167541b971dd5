using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>
/// Any Authentication… message (B), as read from a server. Writing is one file a message. Not named Authentication: rooms of the house are.
/// Source: protocol-flow.html#PROTOCOL-FLOW-START-UP, sasl-authentication.html.
/// </summary>
public readonly ref struct AuthenticationRequest
{
    private AuthenticationRequest(AuthenticationKind kind, ReadOnlySpan<byte> data)
    {
        Kind = kind;
        Data = data;
    }

    /// <summary>Which one. May be a number without a name: a server newer than this list.</summary>
    public AuthenticationKind Kind { get; }

    /// <summary>
    /// What follows the kind: the 4 bytes of salt for <see cref="AuthenticationKind.MD5Password"/>, the names for
    /// <see cref="AuthenticationKind.SASL"/> (see <see cref="OffersMechanism"/>), a mechanism's data for the other SASL messages.
    /// </summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Reads a message; false when it is too short, has bytes its kind does not allow, or lists mechanisms without the final terminator.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out AuthenticationRequest message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadInt32(out int kind)) return false;

        ReadOnlySpan<byte> data = reader.Rest;
        bool valid = (AuthenticationKind)kind switch
        {
            AuthenticationKind.Ok or AuthenticationKind.CleartextPassword or AuthenticationKind.KerberosV5 => data.IsEmpty,
            AuthenticationKind.MD5Password => data.Length == AuthenticationMD5Password.SaltLengthBytes,
            AuthenticationKind.SASL => IsMechanismList(data),
            _ => true,
        };
        if (!valid) return false;

        message = new AuthenticationRequest((AuthenticationKind)kind, data);
        return true;
    }

    /// <summary>Whether an <see cref="AuthenticationKind.SASL"/> message offers a mechanism.</summary>
    public bool OffersMechanism(ReadOnlySpan<byte> mechanism)
    {
        if (Kind != AuthenticationKind.SASL) return false;
        var reader = new BodyReader(Data);
        while (reader.TryReadCString(out ReadOnlySpan<byte> name) && !name.IsEmpty)
        {
            if (name.SequenceEqual(mechanism)) return true;
        }

        return false;
    }

    private static bool IsMechanismList(ReadOnlySpan<byte> data)
    {
        var reader = new BodyReader(data);
        while (reader.TryReadCString(out ReadOnlySpan<byte> name))
        {
            if (name.IsEmpty) return reader.IsAtEnd;
        }

        return false;
    }
}
