using System.Security.Cryptography;
using System.Text;
using PoolProxy.Core.Backend;
using PoolProxy.Protocol.Authentication;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>auth_type = "plain": the password itself, compared with whatever form is stored.</summary>
internal sealed class PlainMethod(UserDirectory users) : ILoginMethod
{
    private const int MaxPasswordBytes = 4096;

    public string Name => "plain";

    public async ValueTask<LoginResult> RunAsync(LoginExchange exchange)
    {
        exchange.Send(AuthenticationCleartextPassword.Write);
        var password = (await exchange.ReadPasswordAsync(MaxPasswordBytes)).ToArray();
        var secret = users.SecretOf(exchange);

        // A verifier takes PBKDF2 to check, and a user that does not exist has one as often as those that do.
        ServerProof? proof = null;
        var isRight = users.HasVerifier(exchange)
            ? (proof = await users.ProveAsync(exchange, password)) is not null
            : IsSame(secret ?? Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), password, exchange.User);
        CryptographicOperations.ZeroMemory(password);
        return isRight && secret is not null
            ? UserLogin.Granted(users, exchange, proof)
            : LoginResult.Refused(exchange.Refusal, secret is null ? "unknown_user" : "wrong_password");
    }

    private static bool IsSame(string secret, byte[] password, string user)
    {
        var stored = Encoding.UTF8.GetBytes(secret);
        var given = Md5Password.HasForm(stored) ? Md5Password.Store(password, Encoding.UTF8.GetBytes(user)) : password;
        return CryptographicOperations.FixedTimeEquals(stored, given);
    }
}
