using System.Text;
using PoolProxy.Core.Errors;
using PoolProxy.Protocol.Authentication;
using PoolProxy.Protocol.Messages.Backend;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>
/// auth_type = "oauth": the token comes by SASL OAUTHBEARER (RFC 7628), as PostgreSQL 18 speaks it:
/// 1. AuthenticationSASL; SASLInitialResponse with the token, or without one, which asks where to get one (or with nothing at all: an empty
///    AuthenticationSASLContinue asks for it once more);
/// 2. a good token: nothing more to say. None, or one that proves nothing: AuthenticationSASLContinue with <paramref name="answer"/>,
///    the same for both; the client answers with one separator;
/// 3. only then the refusal, in the words of every other method. A client that had no token gets one and connects anew.
/// A token that is good, but not for what was asked, has passed SASL: the refusal follows at once and may say why.
/// </summary>
/// <param name="tokens">Judges tokens.</param>
/// <param name="answer">What <see cref="OAuthBearerStatus"/> made of the issuer's address and scope.</param>
internal sealed class OAuthMethod(TokenLogin tokens, ReadOnlyMemory<byte> answer) : ILoginMethod
{
    /// <summary>Room for the mechanism, the scheme and the keys that are ignored.</summary>
    private const int ExtraBytes = 4096;

    public string Name => "oauth";

    public bool IsByName => false;

    public async ValueTask<LoginResult> RunAsync(LoginExchange exchange)
    {
        if (tokens.Forbid(exchange) is { } forbidden)
        {
            return forbidden;
        }

        exchange.Send(writer => AuthenticationSASL.Write(writer, OAuthBearerMessage.Mechanism));
        var body = await exchange.ReadResponseAsync(tokens.MaxReadBytes + ExtraBytes);
        if (!TryReadInitial(body, out var message, out bool hasMessage))
        {
            return Malformed("oauth_InitialResponse");
        }

        if (!hasMessage)
        {
            exchange.Send(writer => AuthenticationSASLContinue.Write(writer, []));
            message = await exchange.ReadResponseAsync(tokens.MaxReadBytes + ExtraBytes);
        }

        var fault = OAuthBearerMessage.TryRead(message, out var bearer);
        if (fault is not (OAuthBearerFault.None or OAuthBearerFault.NotBearer))
        {
            return Malformed($"oauth_{fault}");
        }

        var result =
            fault != OAuthBearerFault.None ? LoginResult.Refused(exchange.Refusal, $"oauth_{fault}")
            : bearer.IsDiscovery ? LoginResult.Refused(exchange.Refusal, "oauth_discovery") with { IsDiscovery = true }
            : await tokens.JudgeAsync(exchange, bearer.Token);
        return result.IsProven ? result : await TellAsync(exchange, result);
    }

    private async ValueTask<LoginResult> TellAsync(LoginExchange exchange, LoginResult result)
    {
        exchange.Decided = result;
        exchange.Send(writer => AuthenticationSASLContinue.Write(writer, answer.Span));
        var dummy = await exchange.ReadResponseAsync(ExtraBytes);
        return dummy.Length == 1 && dummy.Span[0] == OAuthBearerMessage.Separator ? result : Malformed("oauth_DummyResponse");
    }

    private static bool TryReadInitial(ReadOnlyMemory<byte> body, out ReadOnlyMemory<byte> message, out bool hasMessage)
    {
        message = default;
        hasMessage = false;
        if (!SASLInitialResponse.TryRead(body.Span, out var initial) || !Ascii.Equals(initial.Mechanism, OAuthBearerMessage.Mechanism))
        {
            return false;
        }

        // It is the end of the body, whole.
        hasMessage = initial.HasResponse;
        message = body[^initial.Response.Length..];
        return true;
    }

    private static LoginResult Malformed(string reason) =>
        LoginResult.Refused(ProxyErrors.MalformedMessage(OAuthBearerMessage.Mechanism), reason);
}
