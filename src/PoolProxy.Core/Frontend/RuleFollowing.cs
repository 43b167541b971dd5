using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Relay;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// A session for which the rules come to something else since a RELOAD (<c>changed_rules</c>): ended, or made what they give now as soon as nothing of it is under way.
/// What cannot go along with it (statements that another role or pool has prepared, channels) ends it instead. Owned by the session's loop.
/// </summary>
/// <param name="services">The loop's.</param>
/// <param name="session">The session, which is served.</param>
/// <param name="result">What the rules give.</param>
internal sealed class RuleFollowing(FrontendServices services, ClientSession session, LoginResult result)
{
    private bool _isBounded;

    /// <summary>The first step; where the session has to wait for a transaction's end, <see cref="Try"/> is called again from time to time.</summary>
    public void Begin(bool remaps)
    {
        var identity = session.Identity!;
        if (identity.Role == result.Role && identity.Results == result.RuleResults && services.Routes.Find(result.Route ?? session.Database, result.Role, out _) == session.Route)
        {
            // Nothing but the hours can be others.
            session.Bound(result);
        }
        else if (remaps)
        {
            session.Following = this;
            Try();
        }
        else
        {
            session.End(RuleErrors.RulesChanged);
        }
    }

    public void Try()
    {
        if (services.Routes.Find(result.Route ?? session.Database, result.Role, out _) is not { } route)
        {
            session.End(ProxyErrors.NoLongerAdmitted);
        }
        else if (session.Parked is null && !session.TryPark(long.MaxValue))
        {
            BoundWait();
        }
        else if (IsBound(session.Parked!, route))
        {
            session.End(RuleErrors.RulesChanged);
        }
        else
        {
            session.Following = null;
            session.Move(route, result);
        }
    }

    private bool IsBound(ParkedRelay parked, Route route) =>
        parked.Channels is not null
        || ((route != session.Route || result.Role != session.Identity!.Role) && (parked.Names is not null || parked.Unnamed is { Shared: not null }));

    // A session that never comes to rest is ended like one whose token has run out.
    private void BoundWait()
    {
        if (_isBounded)
        {
            return;
        }

        _isBounded = true;
        var relay = session.Relay!;
        var end = services.Loop.NowMilliseconds + session.ExpiryGrace.InMilliseconds();
        if (relay.Rights.SessionEnd is not { } sooner || end < sooner.AtMilliseconds)
        {
            relay.Rights.SessionEnd = new SessionEnd(end, RuleErrors.RulesChanged);
            relay.Times.Update();
        }
    }
}
