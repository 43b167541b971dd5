using PoolProxy.Configuration.Model;
using PoolProxy.Core.Errors;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>What a client may do, and until when: the end of its token and its session, revocations, and the statements that are refused. Owned by its loop.</summary>
internal sealed class ClientRights(RelayClient client)
{
    private long _admission;

    /// <summary>When its token runs out, on the loop's clock; never for the other methods.</summary>
    public long ExpiresAtMilliseconds { get; set; } = long.MaxValue;

    /// <summary>When its session ends whatever its token says; null for never.</summary>
    public SessionEnd? SessionEnd { get; set; }

    /// <summary>When the token or the session ends, on the loop's clock; the earlier counts.</summary>
    public long OverAtMilliseconds => Math.Min(ExpiresAtMilliseconds, SessionEnd?.AtMilliseconds ?? long.MaxValue);

    /// <summary>What a client is told whose time is over.</summary>
    public ProxyError OverError => SessionEnd is { } end && end.AtMilliseconds <= ExpiresAtMilliseconds ? end.Error : ProxyErrors.TokenExpired;

    /// <summary>Under <c>set_role</c>, and where the client may only read, a statement that cannot be looked into cannot be let through.</summary>
    public bool MustSeeStatements => client.Route.Dresser.Level == IsolationLevel.SetRole || client.Settings.IsReadOnly;

    /// <summary>Whether it may begin something, as far as revocations go; else it was ended. One comparison where there was none since it was last asked.</summary>
    public bool PassesAdmission()
    {
        var epoch = client.Shared.Admissions.Value;
        if (_admission == epoch)
        {
            return true;
        }

        if (client.FindRevocation() is { } error)
        {
            client.End(RelayOutcome.Revoked, error);
            return false;
        }

        _admission = epoch;
        return true;
    }

    /// <summary>
    /// Why a statement is not let through: a change of role that can be seen is refused where nothing else stops it (isolation.md §1), and a way to write from
    /// whoever may only read. Null where it may go.
    /// </summary>
    public ProxyError? RefusalOf(StatementTraits traits) =>
        client.Route.Dresser.Level == IsolationLevel.SetRole && (traits & (StatementTraits.ChangesRole | StatementTraits.Unknown)) != 0 ? ProxyErrors.RoleChangeRefused
        : client.Settings.IsReadOnly && (traits & (StatementTraits.LiftsReadOnly | StatementTraits.Unknown)) != 0 ? RuleErrors.ReadOnly
        : null;

    /// <summary>SQL may not prepare or deallocate what goes by a name of the proxy's: another client would run something else than it has parsed.</summary>
    public bool RefusesStatementName(StatementTraits traits) => client.Settings.TracksStatements && (traits & StatementTraits.NamesProxyStatement) != 0;
}
