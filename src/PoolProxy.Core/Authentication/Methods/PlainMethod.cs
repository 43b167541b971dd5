using System.Security.Cryptography;
using System.Text;
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
        var secret = users.SecretOf(exchange.User);

        // A verifier takes PBKDF2 to check; so does the mock, for a user that does not exist.
        var isRight = ScramVerifier.HasForm(secret) || secret is null
            ? await CheckAsync(exchange.User, password)
            : IsSame(secret, password, exchange.User);
        CryptographicOperations.ZeroMemory(password);
        return isRight && secret is not null
            ? UserLogin.Granted(users, exchange.User)
            : LoginResult.Refused(exchange.Refusal, secret is null ? "unknown_user" : "wrong_password");
    }

    private static bool IsSame(string secret, byte[] password, string user)
    {
        var stored = Encoding.UTF8.GetBytes(secret);
        var given = Md5Password.HasForm(stored) ? Md5Password.Store(password, Encoding.UTF8.GetBytes(user)) : password;
        return CryptographicOperations.FixedTimeEquals(stored, given);
    }

    private async Task<bool> CheckAsync(string user, byte[] password)
    {
        var verifier = await users.VerifierOfAsync(user);
        return await Task.Run(() => verifier.Verify(password));
    }
}
