using PoolProxy.Core.Backend;
using PoolProxy.Core.Doctor.Checks;

namespace PoolProxy.Core.Doctor;

/// <summary>What can be said about a login that the server did not let in: by its words, or by what another login of the same server sees.</summary>
internal static class RefusedLogin
{
    /// <summary>
    /// By the server's words. They are English unless the server's lc_messages says otherwise; then it is only known that the login failed.
    /// </summary>
    public static Finding? ByItsWords(Upstream upstream, ServerLoginException failure) => failure.SqlState switch
    {
        "28000" when failure.Message.EndsWith("is not permitted to log in", StringComparison.Ordinal) => NoLogin(upstream),
        "28000" when failure.Message.EndsWith("does not exist", StringComparison.Ordinal) => Missing(upstream, versionNumber: null),
        "42501" when failure.Message.StartsWith("42501 permission denied for database", StringComparison.Ordinal) => Finding.Fault(
            $"login \"{upstream.Login}\" may not connect to database \"{upstream.Target.Dbname}\"", "Nobody who needs it is served.",
            $"GRANT CONNECT ON DATABASE {SqlText.Name(upstream.Target.Dbname)} TO {SqlText.Name(upstream.Login)};"),
        _ => null,
    };

    /// <summary>By another login's sight of it; null where that sees nothing wrong.</summary>
    public static Finding? BySight(Upstream upstream, IReadOnlyDictionary<string, RoleFacts> seen, int versionNumber) =>
        !seen.TryGetValue(upstream.Login, out var login) ? Missing(upstream, versionNumber)
        : !login.CanLogIn ? NoLogin(upstream)
        : ValidUntilCheck.Of(login);

    private static Finding NoLogin(Upstream upstream) => Finding.Fault(
        $"login \"{upstream.Login}\" is NOLOGIN", "The proxy cannot log in as it, and nobody who needs it is served.", $"ALTER ROLE {SqlText.Name(upstream.Login)} LOGIN;");

    private static Finding Missing(Upstream upstream, int? versionNumber)
    {
        var login = SqlText.Name(upstream.Login);
        var memberships = upstream.RolesOfLogin.Select(role => $"GRANT {SqlText.Name(role)} TO {login}{(versionNumber >= 160000 ? " WITH INHERIT FALSE, SET TRUE" : "")};");
        return Finding.Fault(
            $"login \"{upstream.Login}\" does not exist", "Nobody who needs it is served.",
            [
                $"CREATE ROLE {login} LOGIN NOINHERIT;",
                $"GRANT CONNECT ON DATABASE {SqlText.Name(upstream.Target.Dbname)} TO {login};",
                .. versionNumber is null ? [] : memberships,
            ]) with
        {
            Advice = versionNumber is null ? "Run the doctor again behind it: it names the memberships that are missing." : null,
        };
    }
}
