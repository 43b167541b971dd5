using System.Security.Cryptography;
using System.Text;
using PoolProxy.Protocol.Authentication;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>auth_type = "md5": a salted hash; a user whose stored secret is a SCRAM verifier is asked for SCRAM, as in PgBouncer.</summary>
internal sealed class Md5Method(UserDirectory users, ScramMethod scram) : ILoginMethod
{
    /// <summary>As for a plain password, which a client may send by mistake: wrong, and not a breach of the protocol.</summary>
    private const int MaxAnswerBytes = 4096;

    public string Name => "md5";

    public async ValueTask<LoginResult> RunAsync(LoginExchange exchange)
    {
        var secret = users.SecretOf(exchange);
        if (users.HasVerifier(exchange))
        {
            return await scram.RunAsync(exchange);
        }

        var salt = RandomNumberGenerator.GetBytes(AuthenticationMD5Password.SaltLengthBytes);
        exchange.Send(writer => AuthenticationMD5Password.Write(writer, salt));
        var answer = await exchange.ReadPasswordAsync(MaxAnswerBytes);
        var user = Encoding.UTF8.GetBytes(exchange.User);
        var stored = Encoding.UTF8.GetBytes(secret ?? Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));
        stored = Md5Password.HasForm(stored) ? stored : Md5Password.Store(stored, user);
        return Md5Password.Verify(answer.Span, stored, salt) && secret is not null
            ? UserLogin.Granted(users, exchange)
            : LoginResult.Refused(exchange.Refusal, secret is null ? "unknown_user" : "wrong_password");
    }
}
