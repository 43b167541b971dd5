using System.Text.Json;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>What PgBouncer's methods grant: the user itself is subject and role. Made once for each user that the files know.</summary>
internal static class UserLogin
{
    public static LoginResult Granted(UserDirectory users, string user) => users.GrantOf(user) ?? Make(users, user);

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
