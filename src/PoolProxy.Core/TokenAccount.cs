using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Reloading;
using PoolProxy.Identity.Rules;

namespace PoolProxy.Core;

/// <summary>
/// <c>poolproxy explain</c>: judges a token as a login would meet it now, by a configuration of which nothing has to run, and accounts for each step. It asks the issuer
/// for keys, and about an opaque token. Prints nothing of the token's text.
/// </summary>
public static class TokenAccount
{
    /// <summary>Prints the account, or to <paramref name="error"/> why there is none.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="output">Gets the account.</param>
    /// <param name="error">Gets the faults of a file.</param>
    /// <returns>Whether the login would be let in; null where it could not be looked at.</returns>
    public static async Task<bool?> RunAsync(TokenQuestion request, TextWriter output, TextWriter error)
    {
        var faults = new List<string>();
        string? certificate = null;
        var loaded = await Task.Run(() => ConfigurationLoader.Load(request.File, faults));
        if (loaded is { Tokens: null })
        {
            faults.Add($"{request.File}: there are no issuers, so no token is taken.");
        }

        if (request.CertificateFile is { } file && !TryReadThumbprint(file, out certificate, out var fault))
        {
            faults.Add(fault);
        }

        if (loaded?.Tokens is not { } policies || faults.Count > 0)
        {
            foreach (var line in faults)
            {
                await error.WriteLineAsync(line);
            }

            return null;
        }

        using var authenticator = new TokenAuthenticator(policies, TimeProvider.System, NullLogger.Instance);
        var token = Encoding.Latin1.GetBytes(request.Token);
        var isConsole = request.Database is "pgbouncer" or "poolproxy";
        var database = isConsole ? TokenAuthenticator.ConsoleDatabase : request.Database;
        Task<TokenExplanation> AskAsync(string user) => authenticator.ExplainAsync(token, user, database, request.At ?? TimeProvider.System.GetUtcNow(), certificate, request.Address);

        // Without a user it is judged for the person's own name, which only the token knows.
        var explanation = await AskAsync(request.User ?? "");
        var user = request.User ?? explanation.Decision.Subject;
        if (request.User is null && user is not null)
        {
            explanation = await AskAsync(user);
        }

        return Print(explanation, loaded.Routes, request.Database, user, isConsole, output);
    }

    private static bool Print(TokenExplanation explanation, RoutePlan routes, string database, string? user, bool isConsole, TextWriter output)
    {
        var decision = explanation.Decision;
        void Line(string what, string? text)
        {
            if (text is not null)
            {
                output.WriteLine($"{what,-9} {text}");
            }
        }

        Line("token", decision.Outcome == TokenOutcome.RefusedUnproven ? $"refused: {decision.Reason}" : "proven");
        Line("issuer", decision.Issuer);
        Line("subject", decision.Subject);
        Line("jti", decision.TokenId);
        Line("user", user);
        foreach (var trace in decision.Outcome == TokenOutcome.RefusedUnproven ? [] : explanation.Rules)
        {
            Line($"rule {trace.Rule.Number}", trace.Result == ConditionResult.Holds ? "matches" : trace.Reason);
        }

        var refusal = decision.Outcome switch
        {
            TokenOutcome.Accepted => isConsole ? null : RefusalOf(routes, decision.Route ?? database, decision.Role!),
            _ => $"{decision.SqlState} {decision.Reason}",
        };
        database = decision.Route ?? database;
        if (decision.Outcome == TokenOutcome.Accepted)
        {
            Line("expires", Spell(decision.ExpiresAt));
            Line("ends", decision.SessionEndsAt is { } end ? $"{Spell(end)} by {(decision.EndsByHours ? "hours" : "session_length")}" : null);
            Line("claims", decision.Identity!.ExposedClaims);
            Line(isConsole ? "console" : "role", isConsole ? decision.Console.ToString().ToLowerInvariant() : decision.Role);
            Line("route", decision.Route);
            Line("path", decision.SearchPath);
            Line("limits", decision.Limits.ToString() is { Length: > 0 } limits ? limits : null);
            if (refusal is null && !isConsole)
            {
                Line("login", routes.Login(routes.Database(database)!, decision.Role!)!.User);
            }
        }

        Line("result", refusal is null ? "let in" : $"refused: {refusal}");
        return refusal is null;
    }

    private static string Spell(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string? RefusalOf(RoutePlan routes, string database, string role) =>
        routes.Database(database) is not { } settings ? $"3D000 there is no database \"{database}\""
        : routes.Login(settings, role) is null ? $"28000 no login of database \"{database}\" serves the role \"{role}\"" : null;

    private static bool TryReadThumbprint(string file, out string? thumbprint, out string fault)
    {
        (thumbprint, fault) = (null, "");
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(file);
            thumbprint = Base64Url.EncodeToString(SHA256.HashData(certificate.RawDataMemory.Span));
            return true;
        }
        catch (CryptographicException exception)
        {
            fault = $"{file}: {exception.Message}";
            return false;
        }
    }
}
