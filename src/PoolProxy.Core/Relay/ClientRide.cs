using System.Diagnostics;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Isolation;

namespace PoolProxy.Core.Relay;

/// <summary>
/// A client on a server that is not its alone (isolation.md §9): its request was sent behind another's, or another's behind it. Whoever it is, it has one
/// request under way and sends nothing more before that is answered; then the server is the next one's. Part of <see cref="ClientLink"/>, and
/// nothing but fields that stay as they are where nobody pipelines.
/// </summary>
internal sealed class ClientRide(RelayClient client, ClientLink link, ResponseSide responses)
{
    private TaskCompletionSource? _alone;

    /// <summary>Its request was sent on a server that others are still to be answered on.</summary>
    public bool IsBehind { get; private set; }

    /// <summary>Its one request under way is an independent statement, sent to its end: others may be sent behind it.</summary>
    public bool IsFollowable { get; private set; }

    /// <summary>Others are behind it, or it is behind others: it may send nothing more before its turn is over.</summary>
    public bool IsHeld => IsFollowable && link.Dressed is { Server.HasRiders: true };

    /// <summary>Counts the servers that it was given, so that what was meant for one is not taken for the next.</summary>
    public long Number { get; private set; }

    /// <summary>What it waits with may be sent behind another's.</summary>
    public bool IsReady =>
        client is { IsEnded: false, Settings.Pipelines: true, Run.IsShort: true, IsUnharmed: true } && client.Connection.BacklogBytes <= ClientRun.MaxBacklogBytes
        && client.Watch is not { Audit.IsFull: true }
        && client.Rights.OverAtMilliseconds > client.Shared.Loop.NowMilliseconds;

    /// <summary>Behind how many others it may go.</summary>
    public int MaxAhead => client.Run?.MaxAhead ?? 0;

    /// <summary>A busy server needs nothing to be said before its request: no prelude, no statement to be prepared first.</summary>
    public bool Suits(ServerConnection server) =>
        client.Route.Dresser.Suits(server, client.Identity, link.Wearer, client.Parameters)
        && server.Conversation.Count < ServerConnection.MaxOwed / 2
        && (client.Run!.Statement is not { } statement || server.Statements.Holds(statement, client.Parameters.FoldedKey));

    /// <summary>Goes behind those that the server serves, and sends its request.</summary>
    public void Board(ServerConnection server)
    {
        IsBehind = true;
        link.JoinBehind(server);
        server.JoinBehind(responses);
        client.Times.Joined();
        client.Resume();
        if (IsBehind && !IsFollowable)
        {
            // Its request was looked at as a whole, so this cannot be. Whoever comes next on this server must not find half of it there.
            server.Close(CloseReason.PipelineBroken);
        }
    }

    /// <summary>A server was given to it.</summary>
    public void Joined() => Number++;

    /// <summary>A message is on its way: what is under way is no single request any more, unless this ends it.</summary>
    public void MessagePassed() => IsFollowable = false;

    /// <summary>A Query or Sync is on its way.</summary>
    public void RequestSent() => IsFollowable = client.Run is { } run && run.TakeIndependence() && !client.IsPinned;

    /// <summary>Everything of its own is answered: with nobody behind it there is nothing left to be followed.</summary>
    public void Answered() => IsFollowable &= link.Server.HasRiders;

    /// <summary>Those before it on its server are answered: from here on it is as if it had been given the server now.</summary>
    public void TurnCame()
    {
        var server = link.Server;
        if (Dresser.IsSignatureOver(server))
        {
            // It began after that: what SQL was told of its person was out of date.
            server.Close(CloseReason.PipelineBroken);
            return;
        }

        IsBehind = false;
        client.Times.TurnCame();
        if (!server.HasRiders)
        {
            EndWaitToBeAlone();
        }
    }

    /// <summary>It is answered, and the server is the next one's, who wears the same: nothing is undressed.</summary>
    public void TurnOver()
    {
        var isAsked = link.IsRepeatDue;
        link.Forget();
        client.Times.IsRequestOpen = isAsked;
    }

    /// <summary>
    /// Completes when nobody is left before it or behind it on its server, or its request there is over, whichever comes first: for a cancel, which would
    /// hit whatever the server runs. Who waits has to look what has become of it.
    /// </summary>
    public Task AloneAsync() => (_alone ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>The client leaves others behind it, or before it, that must not be disturbed: its answer is read and dropped.</summary>
    public void Leave(ServerConnection server, CloseReason reason)
    {
        Debug.Assert(server.Riders is not null, "there are others");
        var (wasFirst, isWhole) = (!IsBehind, IsFollowable);
        link.Forget();
        server.Riders.Replace(responses, DepartedLink.Instance);
        if (!isWhole || server.Riders.AreAllGone)
        {
            server.Close(reason);
        }
        else if (wasFirst)
        {
            // It may have been too slow to take what there is.
            server.ResumeReading();
        }
    }

    /// <summary>It has no server any more.</summary>
    public void Forget()
    {
        IsBehind = false;
        IsFollowable = false;
        EndWaitToBeAlone();
    }

    private void EndWaitToBeAlone()
    {
        _alone?.TrySetResult();
        _alone = null;
    }
}
