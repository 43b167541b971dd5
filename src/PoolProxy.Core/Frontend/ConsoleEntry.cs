using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Transport;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Core.Frontend;

/// <summary>The last step of a login that wants the console.</summary>
internal static class ConsoleEntry
{
    private static string ServerVersion { get; } = $"{typeof(ConsoleEntry).Assembly.GetName().Version!.ToString(3)}/poolproxy";

    /// <summary>Whether a startup packet's database is the console.</summary>
    public static bool IsConsole(string database) => database is "poolproxy" or "pgbouncer";

    /// <summary>Lets a client in whose <paramref name="proof"/> opens it, and refuses others.</summary>
    public static void Enter(FrontendServices services, ClientSession session, ColdChannel channel, LoginAccount account, LoginResult proof)
    {
        if (proof.Console == ConsoleAccess.None)
        {
            account.Refuse(LoginErrors.UserNotAllowed(session.User), "no_console_access");
            return;
        }

        if (proof.Facts is { } facts && services.Shared.Revocations.Registry.Find(facts) is not null)
        {
            account.Refuse(account.Exchange!.Refusal, nameof(TokenRefusal.Revoked));
            return;
        }

        account.Report(null);
        var parameters = Welcome.Compose(
            [
                new("server_version", ServerVersion), new("client_encoding", "UTF8"), new("server_encoding", "UTF8"), new("DateStyle", "ISO"),
                new("TimeZone", "GMT"), new("standard_conforming_strings", "on"), new("is_superuser", proof.Console == ConsoleAccess.Admin ? "on" : "off"),
            ]);
        Greeting.Write(services, session, channel, account.Version, parameters);
        session.ServeConsole(channel, proof);
    }
}
