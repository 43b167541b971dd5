using System.Text.Json;
using PoolProxy.Core.Backend;
using PoolProxy.Protocol.Authentication;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>What PgBouncer's methods grant: the user itself is subject and role. Made once for each user that the files know.</summary>
internal static class UserLogin
{
    /// <param name="users">Who is known.</param>
    /// <param name="exchange">The login.</param>
    /// <param name="proof">What the login itself has brought to light for servers; null for nothing.</param>
    public static LoginResult Granted(UserDirectory users, LoginExchange exchange, ServerProof? proof = null)
    {
        if (exchange.Found is { } found)
        {
            return Make(users, found.Name) with
            {
                Upstream = proof ?? (found.Secret is { } secret && !ScramVerifier.HasForm(secret) ? ServerProof.Of(secret) : null),
            };
        }

        var grant = users.GrantOf(exchange.User) ?? Make(users, exchange.User);
        return proof is null ? grant : grant with { Upstream = proof };
    }

    /// <summary>The grant of a user, made anew.</summary>
    public static LoginResult Make(UserDirectory users, string user) => new()
    {
        Subject = user,
        Role = user,
        Claims = $"{{\"role\":{Json(user)},\"sub\":{Json(user)}}}",
        Console = users.ConsoleOf(user),
    };

    // The default encoder escapes everything outside of ASCII, as claims must be (isolation.md §3).
    private static string Json(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
