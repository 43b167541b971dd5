using System.Buffers;
using System.Text;

namespace PoolProxy.Protocol.Authentication;

/// <summary>
/// The client's message of OAUTHBEARER (RFC 7628 §3.1), read as PostgreSQL 18 reads it: <c>gs2-header kvsep *(key "=" value kvsep) kvsep</c>.
/// Keys other than <c>auth</c> are checked and ignored. Never throws; the caller bounds the length.
/// </summary>
public readonly struct OAuthBearerMessage
{
    /// <summary>The mechanism's name.</summary>
    public const string Mechanism = "OAUTHBEARER";

    /// <summary>Between pairs, behind the last, and the whole answer of a client to an error (RFC 7628 §3.2.3).</summary>
    public const byte Separator = 1;

    private const string Scheme = "bearer";

    // RFC 6750 §2.1, b64token; the padding only stands at the end.
    private static readonly SearchValues<byte> TokenLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"u8);

    private OAuthBearerMessage(ReadOnlyMemory<byte> token) => Token = token;

    /// <summary>The token: a part of the message that was read. Empty where the client has none.</summary>
    public ReadOnlyMemory<byte> Token { get; }

    /// <summary>The client has no token and asks where to get one: <c>auth</c> is empty (RFC 7628 §4.3).</summary>
    public bool IsDiscovery => Token.IsEmpty;

    /// <summary>Reads a message; the result is of use only with <see cref="OAuthBearerFault.None"/>.</summary>
    public static OAuthBearerFault TryRead(ReadOnlyMemory<byte> message, out OAuthBearerMessage result)
    {
        result = default;
        var fault = SkipHeader(message.Span, out int position);
        if (fault != OAuthBearerFault.None) return fault;
        fault = FindAuth(message, position, out var auth);
        if (fault != OAuthBearerFault.None || auth.IsEmpty) return fault;
        if (!TryReadToken(auth, out var token)) return OAuthBearerFault.NotBearer;
        result = new OAuthBearerMessage(token);
        return OAuthBearerFault.None;
    }

    private static OAuthBearerFault SkipHeader(ReadOnlySpan<byte> message, out int position)
    {
        position = 0;
        if (message.IsEmpty) return OAuthBearerFault.Empty;
        if (message[0] == (byte)'p') return OAuthBearerFault.ChannelBinding;
        // "y": the client could bind channels and believes that we cannot, which is so.
        if (message[0] is not ((byte)'n' or (byte)'y') || At(message, 1) != ',') return OAuthBearerFault.HeaderMalformed;
        if (At(message, 2) == 'a') return OAuthBearerFault.AuthorizationIdentity;
        if (At(message, 2) != ',') return OAuthBearerFault.HeaderMalformed;
        position = 4;
        return At(message, 3) == Separator ? OAuthBearerFault.None : OAuthBearerFault.SeparatorMissing;
    }

    private static OAuthBearerFault FindAuth(ReadOnlyMemory<byte> message, int position, out ReadOnlyMemory<byte> auth)
    {
        auth = default;
        var isFound = false;
        while (true)
        {
            int length = message.Span[position..].IndexOf(Separator);
            if (length < 0) return OAuthBearerFault.Unterminated;
            var pair = message.Slice(position, length);
            position += length + 1;
            if (length == 0)
            {
                return !isFound ? OAuthBearerFault.AuthMissing
                    : position == message.Length ? OAuthBearerFault.None : OAuthBearerFault.TrailingBytes;
            }

            int equals = pair.Span.IndexOf((byte)'=');
            if (equals <= 0 || !IsKey(pair.Span[..equals])) return OAuthBearerFault.KeyMalformed;
            if (!IsValue(pair.Span[(equals + 1)..])) return OAuthBearerFault.ValueMalformed;
            if (!pair.Span[..equals].SequenceEqual("auth"u8)) continue;
            if (isFound) return OAuthBearerFault.AuthTwice;
            isFound = true;
            auth = pair[(equals + 1)..];
        }
    }

    // RFC 7628 §3.1: auth has the form of HTTP's Authorization. The scheme has no case (RFC 9110 §11.1), and blanks may be several.
    private static bool TryReadToken(ReadOnlyMemory<byte> auth, out ReadOnlyMemory<byte> token)
    {
        token = default;
        if (auth.Length <= Scheme.Length || !Ascii.EqualsIgnoreCase(auth.Span[..Scheme.Length], Scheme) || auth.Span[Scheme.Length] != ' ') return false;
        int start = Scheme.Length + auth.Span[Scheme.Length..].IndexOfAnyExcept((byte)' ');
        if (start < Scheme.Length) return false;
        token = auth[start..];
        var letters = token.Span.TrimEnd((byte)'=');
        return !letters.IsEmpty && !letters.ContainsAnyExcept(TokenLetters);
    }

    private static bool IsKey(ReadOnlySpan<byte> key) =>
        !key.ContainsAnyExceptInRange((byte)'A', (byte)'z') && !key.ContainsAnyInRange((byte)'[', (byte)'`');

    private static bool IsValue(ReadOnlySpan<byte> value)
    {
        foreach (byte letter in value)
        {
            if (letter is not ((>= 0x20 and <= 0x7e) or (byte)'\t' or (byte)'\r' or (byte)'\n')) return false;
        }

        return true;
    }

    private static int At(ReadOnlySpan<byte> message, int index) => index < message.Length ? message[index] : -1;
}
