using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Notifications;
using PoolProxy.Core.PreparedStatements;

namespace PoolProxy.Core.Relay;

/// <summary>
/// What is left of a <see cref="RelayClient"/> while its client is idle: what the client could tell the difference by, and nothing of what it
/// takes to relay. A new relay is made of it when something happens (<see cref="RelayClient.Restore"/>). Owned by the client's loop.
/// </summary>
internal sealed class ParkedRelay
{
    public required RelaySettings Settings { get; set; }

    public required ParameterSet Parameters { get; set; }

    public required ParameterSet StartupParameters { get; set; }

    /// <inheritdoc cref="ClientRights.ExpiresAtMilliseconds"/>
    public required long ExpiresAtMilliseconds { get; init; }

    /// <inheritdoc cref="ClientRights.SessionEnd"/>
    public required SessionEnd? SessionEnd { get; set; }

    public required long IdleSinceMilliseconds { get; init; }

    /// <summary>When its last request was answered, on the loop's clock.</summary>
    public required long RequestSinceMilliseconds { get; init; }

    /// <summary>The client's own names for statements, if it has any.</summary>
    public required ClientStatements? Names { get; init; }

    /// <summary>The unnamed statement, where the client may still use it.</summary>
    public required UnnamedMemory? Unnamed { get; init; }

    /// <inheritdoc cref="SessionState.IsPinTold"/>
    public required bool IsPinTold { get; init; }

    /// <inheritdoc cref="SessionState.Tracked"/>
    public required List<int>? Tracked { get; init; }

    /// <summary>What it listens on; null for a client that never has.</summary>
    public required ClientChannels? Channels { get; init; }

    /// <inheritdoc cref="SessionState.Listening"/>
    public required HeldStates Listening { get; init; }

    /// <summary>Armed for the nearest of the client's deadlines, if it has any.</summary>
    public required TimerNode? Deadline { get; init; }

    /// <summary>
    /// What is to be kept of a client that has been idle since <paramref name="latestMilliseconds"/> or longer; its relay is done with then. Null where
    /// something is under way, or where servers know the client by its relay.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="latestMilliseconds">On the loop's clock.</param>
    /// <param name="onDeadline">Takes the client up again when its deadline comes, given <paramref name="state"/>.</param>
    /// <param name="state">The caller's.</param>
    public static ParkedRelay? TryTake(RelayClient client, long latestMilliseconds, Action<object?, long> onDeadline, object state)
    {
        if (client.Times.IdleSinceMilliseconds > latestMilliseconds || !client.IsAtRest || client.Route.Dresser.ResetsBetweenClients)
        {
            return null;
        }

        var due = client.Times.DueMilliseconds;
        client.Retire();
        var parked = new ParkedRelay
        {
            Settings = client.Settings,
            Parameters = client.Parameters,
            StartupParameters = client.StartupParameters,
            ExpiresAtMilliseconds = client.Rights.ExpiresAtMilliseconds,
            SessionEnd = client.Rights.SessionEnd,
            IdleSinceMilliseconds = client.Times.IdleSinceMilliseconds,
            RequestSinceMilliseconds = client.RequestSinceMilliseconds,
            Names = client.Statements.Names.TakeMemory(),
            Unnamed = client.Statements.Unnamed.TakeMemory(),
            IsPinTold = client.Session.IsPinTold,
            Tracked = client.Session.Tracked,
            Channels = client.Channels,
            Listening = client.Session.Listening,
            Deadline = due == TimerNode.Never ? null : new CallbackTimer(onDeadline, state),
        };
        if (parked.Deadline is { } deadline)
        {
            client.Shared.Loop.Timers.Arm(deadline, due);
        }

        return parked;
    }

    /// <summary>Somebody else sees to the client's deadlines from here on.</summary>
    public void StopDeadline(Loop loop)
    {
        if (Deadline is not null)
        {
            loop.Timers.Disarm(Deadline);
        }
    }

    /// <summary>The client has left: nothing falls due any more, and its statements are let go.</summary>
    public void Drop(Loop loop, Route route)
    {
        StopDeadline(loop);
        Channels?.End();
        Names?.Dispose();
        if (Unnamed?.Shared is { } statement)
        {
            route.Catalogue.Release(statement);
        }
    }
}
