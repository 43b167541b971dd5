using System.Security.Cryptography;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Protocol.Authentication;
using PoolProxy.Protocol.Messages.Backend;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>
/// auth_type = "scram-sha-256", with channel binding where the client came by TLS (RFC 5802, RFC 7677, RFC 5929). Known and unknown
/// users go through the same exchange.
/// </summary>
internal sealed class ScramMethod(UserDirectory users) : ILoginMethod
{
    private const int MaxResponseBytes = 4096;

    public string Name => "scram-sha-256";

    public async ValueTask<LoginResult> RunAsync(LoginExchange exchange)
    {
        var binding = exchange.Channel.Connection.Tls?.TlsServerEndPoint ?? default;
        exchange.Send(writer =>
        {
            if (binding.IsEmpty)
            {
                AuthenticationSASL.Write(writer, "SCRAM-SHA-256");
            }
            else
            {
                AuthenticationSASL.Write(writer, "SCRAM-SHA-256-PLUS", "SCRAM-SHA-256");
            }
        });
        var verifier = await users.VerifierOfAsync(exchange);
        using var random = RandomNumberGenerator.Create();
        var scram = new ScramServer(verifier, binding.Span, random);
        var first = ReadFirst(scram, await exchange.ReadResponseAsync(MaxResponseBytes), out var challenge);
        if (first != ScramResult.Done)
        {
            return Refused(exchange, first);
        }

        exchange.Send(writer => AuthenticationSASLContinue.Write(writer, challenge));
        var final = ReadFinal(scram, await exchange.ReadResponseAsync(MaxResponseBytes), out var signature);
        if (final == ScramResult.Malformed)
        {
            return Refused(exchange, final);
        }

        if (final != ScramResult.Done || verifier.IsMock)
        {
            return verifier.IsMock ? LoginResult.Refused(exchange.Refusal, "unknown_user") : Refused(exchange, final);
        }

        exchange.Send(writer => AuthenticationSASLFinal.Write(writer, signature));

        // Where only a verifier is stored, these keys are all that servers can be logged in to with.
        var proof = users.HasVerifier(exchange) ? ServerProof.Of(new ScramKeys(scram.ClientKey, verifier.ServerKey), verifier) : null;
        return UserLogin.Granted(users, exchange, proof);
    }

    /// <summary>A message that is none is a breach of the protocol, whoever sends it; everything else reads like a wrong password.</summary>
    private static LoginResult Refused(LoginExchange exchange, ScramResult result) => LoginResult.Refused(
        result == ScramResult.Malformed ? ProxyErrors.MalformedMessage("SCRAM") : exchange.Refusal, $"scram_{result}");

    private static ScramResult ReadFirst(ScramServer scram, ReadOnlyMemory<byte> body, out byte[] challenge)
    {
        challenge = [];
        return SASLInitialResponse.TryRead(body.Span, out var message) && scram.Offers(message.Mechanism)
            ? scram.ReadClientFirst(message.Mechanism, message.Response, out challenge)
            : ScramResult.Malformed;
    }

    private static ScramResult ReadFinal(ScramServer scram, ReadOnlyMemory<byte> body, out byte[] signature)
    {
        signature = [];
        return SASLResponse.TryRead(body.Span, out var message) ? scram.ReadClientFinal(message.Data, out signature) : ScramResult.Malformed;
    }
}
