using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// The client's end of a link: collects what a server's chunk holds for the client and sends it in one write, then looks whether the
/// server can be let go. Sends before anything else happens, so the shared list is empty whenever other code runs.
/// </summary>
internal sealed class ResponseSide(RelayClient client) : IServerLink
{
    private bool _isResetting;

    private SegmentList Output => client.Shared.ToClient;

    public void Forward(in ReceivedBytes bytes, int offset, int length)
    {
        if (!Output.HasRoom(1, 0))
        {
            Send();
        }

        Output.AddReceived(in bytes, offset, length);
    }

    public unsafe void ForwardCopy(ReadOnlySpan<byte> message)
    {
        if (message.Length <= 1024 && Output.HasRoom(1, message.Length))
        {
            message.CopyTo(Output.AddScratch(message.Length));
            return;
        }

        fixed (byte* pointer = message)
        {
            Output.AddBorrowed(pointer, message.Length);
            Send();
        }
    }

    public void AnswerMade(Owed made) => Constant(made.Kind == OwedKind.Parse ? ParseComplete : CloseComplete);

    public void NameSettled() => client.Statements.Settle();

    public void NameUndone() => client.Statements.Undo();

    public void Refused(int tag) => Put(client.Statements.TakeRefusal());

    public void RefusalSkipped() => client.Statements.TakeRefusal();

    public bool ParameterReported(ParameterName? name, ReadOnlySpan<byte> value)
    {
        if (name is null)
        {
            return true;
        }

        // RESET takes a session back to what its client asked for at startup; the server, which serves many, only knows its own.
        if (_isResetting && client.StartupParameters[name] is { } wanted)
        {
            client.SetParameters(client.Shared.Registry.With(client.Parameters, name, wanted.AsSpan()));
            Report(name, wanted);
            return false;
        }

        client.SetParameters(client.Shared.Registry.With(client.Parameters, name, value));
        return true;
    }

    public void CommandCompleted(CommandTagKind tag)
    {
        switch (tag)
        {
            case CommandTagKind.DiscardAll:
                _isResetting = true;
                client.Statements.AllDeallocated();
                break;
            case CommandTagKind.Reset:
                _isResetting = true;
                break;
            case CommandTagKind.DeallocateAll:
                client.Statements.AllDeallocated();
                break;
            case CommandTagKind.Deallocate:
                client.Statements.Deallocated();
                break;
            default:
                break;
        }
    }

    public void Ready(TransactionStatus status)
    {
        _isResetting = false;
        client.Answered(status);
    }

    /// <summary>The server has spelled some of the client's parameters its own way: the client is told, once.</summary>
    public void PreludeConfirmed()
    {
        var wanted = client.Dressed!.Wanted;
        var told = client.Parameters;
        if (ReferenceEquals(told, wanted))
        {
            return;
        }

        var names = client.Shared.Registry.Names;
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].IsReported && wanted[i] is { } value && !ParameterSet.SameValue(told[i], value))
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
        Send();
        client.AfterAnswers();
    }

    public void ServerDrained() => client.Resume();

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

        var wasInTransaction = server.Conversation.Status != TransactionStatus.Idle;
        var error = server.LossError(reason);
        if (reason == CloseReason.PreludeFailed && client.Dressed is { HoldsEverything: true })
        {
            // Nothing of the client's was sent: trying again on the next server could go on for ever.
            client.Unlink();
            client.End(RelayOutcome.Refused, error.AsFatal());
            return;
        }

        if (server.IsTornMidMessage || client.Settings.Mode == PoolMode.Session || client.Statements.IsPinned)
        {
            Send();
            client.Unlink();
            client.End(RelayOutcome.ServerLost, server.IsTornMidMessage ? null : error.AsFatal());
            return;
        }

        client.LoseServer(wasInTransaction, error.AsError());
        Send();
        client.Resume();
    }

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

    public void AnswerReadyForQuery()
    {
        Constant(ReadyIdle);
    }

    /// <summary>Says something of the proxy's own, at once.</summary>
    public void Say(ProxyError error)
    {
        Put(error);
        Send();
    }

    public void Send()
    {
        if (Output.Count == 0)
        {
            return;
        }

        client.Route.Pool.Stats.SentBytes += Output.LengthBytes;
        client.Connection.Send(Output);
        if (client.Connection.BacklogBytes > RelayLoop.HighWaterBytes)
        {
            client.Dressed?.Server.PauseReading();
        }
    }

    private static ReadOnlySpan<byte> ParseComplete => [(byte)'1', 0, 0, 0, 4];

    private static ReadOnlySpan<byte> CloseComplete => [(byte)'3', 0, 0, 0, 4];

    private static ReadOnlySpan<byte> ReadyIdle => [(byte)'Z', 0, 0, 0, 5, (byte)'I'];

    private static ReadOnlySpan<byte> ReadyFailed => [(byte)'Z', 0, 0, 0, 5, (byte)'E'];

    private void Constant(ReadOnlySpan<byte> message)
    {
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
