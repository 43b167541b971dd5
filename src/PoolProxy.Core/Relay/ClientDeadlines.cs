using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Relay;

/// <summary>
/// A client's deadlines in one timer: idle, idle inside a transaction, query, transaction, and its token's or session's end. State changes only write
/// fields; the timer looks, when it fires, whether anything is really due, and sleeps on if not.
/// </summary>
internal sealed class ClientDeadlines(RelayClient client) : TimerNode
{
    /// <summary>Something began or ended that a deadline counts from.</summary>
    public void Update()
    {
        if (client.IsEnded)
        {
            return;
        }

        var due = NextDue(out _, out _);
        if (due < long.MaxValue)
        {
            client.Shared.Loop.Timers.Arm(this, due);
        }
        else
        {
            client.Shared.Loop.Timers.Disarm(this);
        }
    }

    public void Stop() => client.Shared.Loop.Timers.Disarm(this);

    protected internal override void OnDue(long nowMilliseconds)
    {
        if (client.IsEnded)
        {
            return;
        }

        if (NextDue(out var outcome, out var error) > nowMilliseconds)
        {
            Update();
        }

        // A right that is over is over, whatever stands still.
        else if (outcome == RelayOutcome.TokenExpired || !client.Shared.Loop.Standstill.TryPutOff(this))
        {
            client.End(outcome, error);
        }
    }

    /// <summary>The nearest deadline and how the client ends there.</summary>
    private long NextDue(out RelayOutcome outcome, out ProxyError error)
    {
        var settings = client.Settings;
        outcome = RelayOutcome.TimedOut;
        error = ProxyErrors.ClientIdleTimeout;
        var due = long.MaxValue;
        if (!client.IsLinked)
        {
            if (client.Watch is { IsHeld: true } held)
            {
                due = After(held.HeldSinceMilliseconds, settings.QueryWaitTimeout);
                error = ProxyErrors.AuditWaitTimeout;
            }
            else if (client.Link.WaitsForShareSinceMilliseconds is { } since)
            {
                due = After(since, settings.QueryWaitTimeout);
                error = RuleErrors.ShareTimeout;
            }
            else if (!client.IsWaiting)
            {
                due = After(client.Times.IdleSinceMilliseconds, settings.ClientIdleTimeout);
            }
        }
        else if (client.Link.Ride.IsBehind)
        {
            // Behind other clients it waits, though its request is sent.
            due = After(client.Node.SinceMilliseconds, settings.QueryWaitTimeout);
            error = ProxyErrors.TurnTimeout;
        }
        else if (client.Times.IsRequestOpen)
        {
            due = After(client.Times.RequestSinceMilliseconds, settings.QueryTimeout);
            error = ProxyErrors.QueryTimeout;
        }
        else if (client.IsInTransaction)
        {
            due = After(client.Times.IdleSinceMilliseconds, settings.IdleTransactionTimeout);
            error = ProxyErrors.IdleTransactionTimeout;
        }
        else
        {
            // Session pooling: a client that holds its server between transactions is idle all the same.
            due = After(client.Times.IdleSinceMilliseconds, settings.ClientIdleTimeout);
        }

        if (client.IsLinked && !client.Link.Ride.IsBehind && (client.Times.IsRequestOpen || client.IsInTransaction))
        {
            var transaction = After(client.Times.TransactionSinceMilliseconds, settings.TransactionTimeout);
            if (transaction < due)
            {
                due = transaction;
                error = ProxyErrors.TransactionTimeout;
            }
        }

        var expiry = client.Rights.OverAtMilliseconds;
        if (expiry != long.MaxValue && client.IsLinked && (client.Times.IsRequestOpen || client.IsInTransaction))
        {
            expiry += settings.TokenExpiryGrace.InMilliseconds();
        }

        if (expiry < due)
        {
            due = expiry;
            outcome = RelayOutcome.TokenExpired;
            error = client.Rights.OverError;
        }

        return due;
    }

    private static long After(long since, TimeSpan timeout) => timeout > TimeSpan.Zero ? since + timeout.InMilliseconds() : long.MaxValue;
}
