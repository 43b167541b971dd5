using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// The client's end of a link: collects what a server's chunk holds for the client and sends it in one write, then looks whether the
/// server can be let go. Sends before anything else happens, so the shared list is empty whenever other code runs.
/// </summary>
internal sealed class ResponseSide(RelayClient client) : IServerLink
{
    private readonly WithheldAnswers _withheld = new();
    private bool _isResetting;

    private SegmentList Output => client.Shared.ToClient;

    public IAnswerWatch? Watch => client.Watch;

    public void Forward(in ReceivedBytes bytes, int offset, int length)
    {
        PutWithheld();
        client.Batch.IsAnswered = true;
        if (!Output.HasRoom(1, 0))
        {
            Send();
        }

        Output.AddReceived(in bytes, offset, length);
    }

    public unsafe void ForwardCopy(ReadOnlySpan<byte> message)
    {
        PutWithheld();
        client.Batch.IsAnswered = true;
        if (message.Length <= 1024 && Output.HasRoom(1, message.Length))
        {
            message.CopyTo(Output.AddScratch(message.Length));
            return;
        }

        if (!Output.HasRoom(1, 0))
        {
            Send();
        }

        fixed (byte* pointer = message)
        {
            Output.AddBorrowed(pointer, message.Length);
            Send();
        }
    }

    public void AnswerMade(Owed made)
    {
        if (_withheld.MadeCount == WithheldAnswers.Capacity)
        {
            PutWithheld();
        }

        _withheld.AddMade(isClose: made.Kind == OwedKind.Close);
    }

    public void NameSettled() => client.Statements.Names.Settle();

    public void UnnamedAnswered(bool isParsed) => client.Statements.Unnamed.SharedAnswered(isParsed);

    /// <summary>
    /// Only where the client has been told nothing, outside of a transaction, and all that has come of the batch was kept. Where the results
    /// are other than before, the batch has to say so to the client, or that would read them as what they were (isolation.md §6).
    /// </summary>
    public bool TryRepeat(int id, bool isGone)
    {
        var batch = client.Batch;
        if (batch.IsAnswered || Output.Count > 0 || client.Server.Conversation.Status != TransactionStatus.Idle || !(batch.IsWhole || batch.IsFlushed)
            || !(isGone || batch.HasTold(id)))
        {
            return false;
        }

        _withheld.Drop();
        client.Link.HoldForRepeat(id, batch.IsFlushed);
        client.Link.BatchUndone();
        client.Session.BatchUndone();
        batch.End();
        return true;
    }

    /// <summary>Only where the batch may be repeated, and short.</summary>
    public bool TryHold(byte type, ReadOnlySpan<byte> body)
    {
        if (!client.Batch.IsKept || client.Batch.IsAnswered || body.Length > BatchCopy.MaxBytes)
        {
            return false;
        }

        _withheld.AddSaid(client.Shared.Loop.Buffers, type, body);
        return true;
    }

    public void RepeatDue() => client.Link.IsRepeatDue = true;

    public void NameUndone() => client.Statements.Names.Undo();

    public void Refused(int tag) => Put(client.Statements.Refusals.Take());

    public void RefusalSkipped() => client.Statements.Refusals.Take();

    public bool ParameterReported(ParameterName? name, ReadOnlySpan<byte> value)
    {
        if (name is null)
        {
            return true;
        }

        // RESET takes a session back to what its client asked for at startup; the server, which serves many, only knows its own.
        // Only the server's own value can come of a RESET: another is that of a SET behind it, for each is reported once, at the end.
        if (_isResetting && client.StartupParameters[name] is { } wanted
            && client.Server.Facts.Parameters[name] is { } own && value.SequenceEqual(own))
        {
            client.SetParameters(client.Shared.Registry.With(client.Parameters, name, wanted.AsSpan()));
            Report(name, wanted);
            return false;
        }

        client.Run?.LeaveTrace();
        client.SetParameters(client.Shared.Registry.With(client.Parameters, name, value));
        return true;
    }

    public void Failed() => client.Session.Failed();

    public void CommandCompleted(CommandTagKind tag)
    {
        client.Session.Completed(tag);
        switch (tag)
        {
            case CommandTagKind.DiscardAll:
                _isResetting = true;
                client.Statements.Names.AllDeallocated();
                break;
            case CommandTagKind.Reset:
                _isResetting = true;
                break;
            case CommandTagKind.DeallocateAll:
                client.Statements.Names.AllDeallocated();
                break;
            case CommandTagKind.Deallocate:
                client.Statements.Names.Deallocated();
                break;
            default:
                break;
        }
    }

    /// <summary>Where servers are shared another one listens for the client, and this one's LISTEN may be somebody else's.</summary>
    public bool Notified(ReadOnlySpan<byte> body) => !client.Settings.FansOut;

    public void Ready(TransactionStatus status)
    {
        _isResetting = false;
        client.Answered(status);
    }

    /// <summary>The server has spelled some of the client's parameters its own way: the client is told, once.</summary>
    public void PreludeConfirmed()
    {
        client.Link.PreludeOver();
        var wanted = client.Dressed!.Wanted;
        var told = client.Parameters;
        if (ReferenceEquals(told, wanted))
        {
            return;
        }

        var names = client.Shared.Registry.Names;
        for (var i = 0; i < names.Count; i++)
        {
            if (client.Server.Reports(i) && wanted[i] is { } value && !ParameterSet.SameValue(told[i], value))
            {
                Report(names[i], value);
            }
        }

        client.SetParameters(wanted);
    }

    public void PreludeRefused(ProxyError error) => client.End(RelayOutcome.Refused, error.AsFatal());

    public void Flush() => Send();

    public void EndOfBytes()
    {
        // What was made up waits for the rest of a single request's answer, where that is sure to come: others', or that to the prelude, may have
        // come before it in this chunk.
        if (Output.Count > 0 || !(client.Link.Ride.IsFollowable || client is { Batch.IsAwaited: true, Dressed.Server.Conversation.Count: > 0 }))
        {
            Send();
        }

        client.AfterAnswers();
        client.Channels?.Flush();
    }

    public void ServerDrained() => client.Resume();

    /// <summary>One that takes its answers slowly would hold up whoever came behind it.</summary>
    public bool IsFollowable => client.Link.Ride.IsFollowable && !client.IsMidMessage && client.Connection.BacklogBytes <= ClientRun.MaxBacklogBytes;

    public void TurnCame() => client.Link.Ride.TurnCame();

    public void TurnOver() => client.Link.Ride.TurnOver();

    public void AfterTurn()
    {
        client.AfterTurn();
        client.Channels?.Flush();
    }

    /// <summary>
    /// The server died. Whatever it still owed is answered in its place: one error, and a ReadyForQuery for each the client waits for.
    /// The client stays, unless its stream was torn in the middle of a message or the server was its session.
    /// </summary>
    public void ServerLost(ServerConnection server, CloseReason reason)
    {
        if (client.IsEnded)
        {
            return;
        }

        // A BEGIN whose answer is still to come counts: what the client has pipelined behind it must not run alone on the next server.
        var wasInTransaction = !client.Link.Ride.IsBehind && (server.Conversation.Status != TransactionStatus.Idle || client.Link.HasBegun);
        var error = server.LossError(reason);
        if (reason == CloseReason.PreludeFailed && client.Dressed is { HoldsEverything: true })
        {
            // Nothing of the client's was sent: trying again on the next server could go on for ever.
            client.Link.Part();
            client.End(RelayOutcome.Refused, error.AsFatal());
            return;
        }

        var isTorn = server.IsTornMidMessage && !client.Link.Ride.IsBehind;
        if (isTorn || client.Settings.Mode == PoolMode.Session || client.IsPinned)
        {
            Send();
            client.Link.Part();
            client.End(RelayOutcome.ServerLost, isTorn ? null : error.AsFatal());
            return;
        }

        client.LoseServer(wasInTransaction, error.AsError());
        Send();
        client.Resume();
        client.Channels?.Flush();
    }

    public void Unwanted(bool isOutdated)
    {
        if (isOutdated)
        {
            client.ServerOutdated();
        }
    }

    public void GiveUp() => client.End(RelayOutcome.ServerLost, ProxyErrors.Internal);

    /// <summary>An answer the dead server owes: an error, or the ReadyForQuery behind it.</summary>
    public void AnswerInPlace(ProxyError? error, TransactionStatus status)
    {
        if (error is not null)
        {
            Put(error);
        }
        else
        {
            Constant(status == TransactionStatus.Idle ? ReadyIdle : ReadyFailed);
        }
    }

    /// <summary>Answers a SET of a client that is idle and has no server.</summary>
    public void AnswerSet(ProxyError? error)
    {
        if (error is not null)
        {
            Put(error);
        }
        else
        {
            var writer = client.Shared.Scratch;
            writer.Clear();
            CommandComplete.Write(writer, "SET"u8);
            if (!Output.HasRoom(1, writer.WrittenLength))
            {
                Send();
            }

            writer.WrittenSpan.CopyTo(Output.AddScratch(writer.WrittenLength));
        }

        Constant(ReadyIdle);
    }

    /// <summary>Says something of the proxy's own, at once.</summary>
    public void Say(ProxyError error)
    {
        Put(error);
        Send();
    }

    /// <summary>
    /// Sends what is there, but for what was made up: PostgreSQL too says nothing before a Sync or Flush, and the server's answer to those
    /// takes it along.
    /// </summary>
    public void SendRequested()
    {
        if (client.Dressed is null || Output.Count > 0)
        {
            Send();
        }
    }

    /// <summary>Nothing is to be told that has not been told.</summary>
    public bool IsAtRest => _withheld.IsEmpty && !_isResetting;

    /// <summary>The client has ended.</summary>
    public void Dispose() => _withheld.Drop();

    public void Send()
    {
        PutWithheld();
        if (Output.Count == 0)
        {
            return;
        }

        client.Route.Pool.Stats.SentBytes += Output.LengthBytes;
        client.Connection.Send(Output);
        if (client.Connection.BacklogBytes > RelayLoop.HighWaterBytes && !client.Link.Ride.IsBehind)
        {
            client.Dressed?.Server.PauseReading();
        }
    }

    private static ReadOnlySpan<byte> ParseComplete => [(byte)'1', 0, 0, 0, 4];

    private static ReadOnlySpan<byte> CloseComplete => [(byte)'3', 0, 0, 0, 4];

    private static ReadOnlySpan<byte> ReadyIdle => [(byte)'Z', 0, 0, 0, 5, (byte)'I'];

    private static ReadOnlySpan<byte> ReadyFailed => [(byte)'Z', 0, 0, 0, 5, (byte)'E'];

    private void PutWithheld()
    {
        if (_withheld.IsEmpty)
        {
            return;
        }

        // Taken first: what puts them is asked for them again.
        var (count, closes) = _withheld.TakeMade();
        var said = _withheld.TakeSaid();
        for (var i = 0; i < count; i++)
        {
            Constant((closes >> i & 1) != 0 ? CloseComplete : ParseComplete);
        }

        if (said is not null)
        {
            ForwardCopy(said.Span);
            said.Return();
        }
    }

    private void Constant(ReadOnlySpan<byte> message)
    {
        PutWithheld();
        client.Batch.IsAnswered = true;
        if (!Output.HasRoom(1, 0))
        {
            Send();
        }

        Output.AddConstant(message);
    }

    private void Put(ProxyError error) => ForwardCopy(error.Wire.Span);

    private void Report(ParameterName name, ReadOnlySpan<byte> value)
    {
        var scratch = client.Shared.Scratch;
        scratch.Clear();
        Protocol.Messages.Backend.ParameterStatus.Write(scratch, name.Utf8, value);
        ForwardCopy(scratch.WrittenSpan);
    }
}
