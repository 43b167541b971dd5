using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Lookups;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// A login whose user no file knows: auth_query is asked before the method begins. Whether it finds somebody or not, the exchange that follows is the same. Owned by one
/// login.
/// </summary>
internal sealed class LoginLookup(FrontendServices services, ClientSession session, LoginExchange exchange)
{
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(60);

    private LookupTicket? _ticket;
    private bool _isGivenUp;

    /// <summary>Whether this login waits for auth_query: no file has what the method needs of its user.</summary>
    public static bool IsNeeded(FrontendServices services, ILoginMethod method, LoginExchange exchange) =>
        method.AsksUsers && (method.NeedsSecret ? services.Users.IsToBeLookedUp(exchange.User) : !services.Users.Knows(exchange)) && services.Routes.Plan.Lookups.UserFor(DatabaseOf(services, exchange)).Length > 0;

    /// <summary>Asks. Null: the login goes on; else why nobody can be asked, whoever it is.</summary>
    public async ValueTask<LoginResult?> RunAsync()
    {
        if (PlaceOf() is not { } place)
        {
            return null;
        }

        services.Log.LookupBegins(session, ErrorText.Name(exchange.User), place.Pool.Key.ToString());
        _ticket = services.Lookups.Find(place, exchange.User);
        var answer = await _ticket.Answer;
        _ticket = null;
        if (answer.Error is not null && place.Pool.State.IsForgotten && !_isGivenUp)
        {
            // Nobody had used it, and another takes its place.
            return await RunAsync();
        }

        if (answer.Error is { } error)
        {
            // Nobody's failure, and no proof of anything.
            return LoginResult.Refused(error, "lookup_failed") with { IsNoFailure = true };
        }

        // HBA lines, limits and certificates have judged the name that was asked: another, which a query that folds case may answer, would get what was not judged.
        if (answer.User is { } other && other.Name != exchange.User)
        {
            services.Log.LookupFoundAnother(place.Pool.Key.ToString(), ErrorText.Name(exchange.User), ErrorText.Name(other.Name));
            answer = LookupAnswer.Nobody;
        }

        if (answer.User is { } user)
        {
            services.Users.Found.Note(user);
            if (user.HasUnusableVerifier)
            {
                services.Log.LookupFoundUnusableVerifier(place.Pool.Key.ToString(), ErrorText.Name(user.Name));
            }
        }

        exchange.LookedUp(answer.User);
        return null;
    }

    /// <summary>The client has left meanwhile.</summary>
    public void GiveUp(ProxyError error)
    {
        _isGivenUp = true;
        _ticket?.GiveUp(error);
    }

    private static DatabaseSettings? DatabaseOf(FrontendServices services, LoginExchange exchange) =>
        exchange.IsConsole ? null : services.Routes.Plan.Database(exchange.Database);

    /// <summary>
    /// Where to ask. Null where there is nowhere: the client wants a database that does not exist, or the console, and no auth_dbname says where to ask instead. Then its user is one that
    /// nobody knows, and it is told so as everybody is.
    /// </summary>
    private LookupPlace? PlaceOf()
    {
        var plan = services.Routes.Plan;
        var database = DatabaseOf(services, exchange);
        var name = plan.Lookups.DatabaseFor(database) is { Length: > 0 } other ? other : exchange.Database;
        if ((exchange.IsConsole && name == exchange.Database) || services.Routes.FindForLookups(name, plan.Lookups.UserFor(database)) is not { } pool)
        {
            services.Log.LookupHasNoDatabase(session, ErrorText.Name(name), ErrorText.Name(exchange.User));
            exchange.LookedUp(null);
            return null;
        }

        var (proxy, patience) = (plan.Configuration.Proxy, database?.QueryWaitTimeout ?? plan.Configuration.Proxy.QueryWaitTimeout);
        var deadline = proxy.ClientLoginTimeout > TimeSpan.Zero && proxy.ClientLoginTimeout < LongestAnswer ? proxy.ClientLoginTimeout : LongestAnswer;
        return new LookupPlace(pool, plan.Lookups.QueryFor(database), patience, deadline);
    }
}
