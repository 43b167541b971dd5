using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Pooling;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// A client's side of being joined to a server: takes one from the pool or waits for it, has it dressed, holds back what may not go before
/// something else is answered, and lets it go. At most one server at a time; lives as long as its client.
/// </summary>
internal sealed class ClientLink : IWaiter
{
    /// <summary>What changes settings, the identity among them, or drops statements must be answered before the next batch is put in words.</summary>
    public const StatementTraits Barrier = StatementTraits.SetsParameter | StatementTraits.ChangesRole | StatementTraits.DiscardAll
        | StatementTraits.Deallocate | StatementTraits.DeallocateAll | StatementTraits.Unknown;

    private const StatementTraits TransactionBounds = StatementTraits.BeginsTransaction | StatementTraits.EndsTransaction;

    private readonly RelayClient _client;
    private readonly ResponseSide _responses;
    private readonly LostTransaction _lost;
    private readonly TransactionEffects _effects;
    private ShareNode? _share;
    private object? _wearer;
    private StatementTraits _batchTraits;
    private bool _isFirstBatchSent;
    private bool _isBarrierUp;
    private bool _hasBegun;
    private int _repeatedId;
    private TaskCompletionSource? _dressed;

    public ClientLink(RelayClient client, ResponseSide responses, LostTransaction lost)
    {
        _client = client;
        _responses = responses;
        _lost = lost;
        _effects = new TransactionEffects(client);
        Ride = new ClientRide(client, this, responses);
        Node = new WaiterNode(this);
    }

    /// <summary>The server, as dressed for the client.</summary>
    public DressedServer? Dressed { get; private set; }

    [MemberNotNullWhen(true, nameof(Dressed))]
    public bool IsJoined => Dressed is not null;

    public ServerConnection Server => Dressed!.Server;

    /// <summary>What the proxy says to the server ahead of the client's request is not confirmed yet.</summary>
    public bool IsBeingDressed => Dressed is { IsConfirmed: false };

    /// <summary>Completes when that is confirmed, or the server is gone or another's. Who waits has to look what has become of it.</summary>
    public Task DressedAsync() => (_dressed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>The prelude is confirmed: who waits for that goes on.</summary>
    public void PreludeOver()
    {
        _dressed?.TrySetResult();
        _dressed = null;
    }

    /// <inheritdoc/>
    public WaiterNode Node { get; }

    /// <summary>Since when it waits for others of its person to let a server go, on the loop's clock; null where it does not.</summary>
    public long? WaitsForShareSinceMilliseconds => _share?.WaitsSinceMilliseconds;

    /// <summary>The client's person may hold so many servers only; once, before anything is asked for.</summary>
    public void Limit(ServerShare share) => _share = new ShareNode(share, _client.Shared.Loop, ShareCame);

    /// <summary>Whether, and how, its server is not its alone.</summary>
    public ClientRide Ride { get; }

    /// <summary>The server was given for a message that waits, and nothing was sent on it yet.</summary>
    public bool IsUnused { get; private set; }

    /// <summary>Everything that the client has sent is answered. Where others are behind it, it had sent one request.</summary>
    public bool IsAllAnswered => Server.Conversation.IsAnswered || Server.HasRiders;

    /// <inheritdoc/>
    public object Wearer => _client.Route.Dresser.ResetsBetweenClients ? this : _client.Identity;

    /// <inheritdoc/>
    public bool IsLoggingIn => false;

    /// <inheritdoc/>
    public TimeSpan QueryWaitTimeout => _client.Settings.QueryWaitTimeout;

    private Pool Pool => _client.Route.Pool;

    /// <summary>
    /// Whether a message that needs a server may be handled now: takes and dresses a server if there is none, dresses it anew if the
    /// client's own SET or RESET calls for it, and holds back what may not go before something else is answered.
    /// </summary>
    public RequestFate PassGate()
    {
        if (Dressed is not { } dressed)
        {
            return TakeServer();
        }

        var server = dressed.Server;
        if (dressed.HoldsEverything || (!dressed.IsConfirmed && _isFirstBatchSent) || server.Conversation.IsFull
            || (_isBarrierUp && !server.Conversation.AwaitsSync))
        {
            // Where the server skips to a Sync, what put the barrier up is skipped too, and only that Sync can end it.
            return RequestFate.Blocked;
        }

        if (server.IsSettled && _client.Route.Dresser.IsDue(server, _client.Parameters))
        {
            if (server.CancelsUnderWay > 0)
            {
                // A late one would end the prelude, and the server with it. Who has it carried goes on once it has come in.
                return RequestFate.Blocked;
            }

            // The prelude stands at the head of its write.
            _client.SendRequests();
            Dress(dressed);
            if (dressed.HoldsEverything)
            {
                return RequestFate.Blocked;
            }
        }

        return Open();
    }

    /// <summary>
    /// A DISCARD ALL is in the batch under way: behind it the session is its login's again, and the identity can be sent only behind the
    /// Sync to come.
    /// </summary>
    public bool MayBeUndressed => (_batchTraits & StatementTraits.DiscardAll) != 0;

    /// <summary>The batch under way may have changed parameters, and what came of it has not been reported.</summary>
    public bool MayHaveChangedSettings => (_batchTraits & (StatementTraits.SetsParameter | StatementTraits.DiscardAll | StatementTraits.Unknown)) != 0;

    /// <summary>
    /// What was prepared before holds in the transaction under way: nothing in it has changed settings, tables or the server's statements, as
    /// far as the protocol shows it.
    /// </summary>
    public bool IsUndisturbed => _effects.AreNone(_batchTraits) && Server.Conversation.Status != TransactionStatus.Failed;

    /// <summary>The message at hand is the first since everything was answered.</summary>
    public bool IsFirstRequest { get; private set; }

    /// <summary>The batch that <see cref="RelayClient.Batch"/> holds is to be sent again.</summary>
    public bool IsRepeatDue { get; set; }

    /// <summary>The batch under way is sent again, and must not fail as it did before: its unnamed statement is its own.</summary>
    public bool IsRepeating { get; private set; }

    /// <summary>What is being handled was handled before and has come to nothing: a name that it has defined then is not taken.</summary>
    public bool IsSentAgain { get; private set; }

    /// <summary>What follows is handled for the first time.</summary>
    public void AllSentAgain() => IsSentAgain = false;

    /// <summary>The copy of this statement, on whichever server, is the reason for sending the batch again: it is not to be relied on. Told once.</summary>
    public bool TakeRepeated(int id)
    {
        if (_repeatedId != id)
        {
            return false;
        }

        _repeatedId = 0;
        return true;
    }

    /// <summary>Batches that were sent to their end on the server at hand and are not answered.</summary>
    public int UnansweredBatches { get; private set; }

    /// <summary>A ReadyForQuery for the client has come.</summary>
    public void BatchAnswered() => UnansweredBatches = Math.Max(0, UnansweredBatches - 1);

    /// <summary>The only batch under way will be sent again: it is not under way.</summary>
    public void BatchUndone() => UnansweredBatches = 0;

    /// <summary>A statement of the batch under way may do this.</summary>
    public void Note(StatementTraits traits) => _batchTraits |= traits;

    /// <summary>A Query or Sync is on its way, behind a batch that did as noted and, of its own, this: what follows it may have to wait.</summary>
    public void BatchEnded(StatementTraits traits = StatementTraits.None)
    {
        _isFirstBatchSent = true;
        UnansweredBatches++;
        IsRepeating = false;
        _repeatedId = 0;
        Ride.RequestSent();
        Server.Statements.BatchSent();
        traits |= _batchTraits;
        _effects.Note(traits);
        _isBarrierUp = (traits & Barrier) != 0 || _client.Session.HasSteps;
        if ((traits & TransactionBounds) != 0)
        {
            _hasBegun = Begins(traits);
        }

        _batchTraits = StatementTraits.None;
    }

    /// <summary>
    /// A transaction was begun among what is not answered yet, and nothing sent so far ends it: what the client sends next belongs to it,
    /// though the server has not said so.
    /// </summary>
    public bool HasBegun => (_batchTraits & TransactionBounds) != 0 ? Begins(_batchTraits) : _hasBegun;

    /// <summary>Everything was answered: nothing is left to wait for.</summary>
    public void AllAnswered()
    {
        UnansweredBatches = 0;
        _isBarrierUp = false;
        _hasBegun = false;
    }

    /// <summary>The client's transaction is over and nothing is under way.</summary>
    public void EndTransaction() => _effects.End(Server);

    /// <summary>The client waits behind a Flush for the answers of a batch that will be repeated: nothing that the server owes is the client's.</summary>
    public bool IsRepeatAwaited { get; private set; }

    /// <summary>A batch will be repeated because of this statement's copy: what the client sends meanwhile waits.</summary>
    public void HoldForRepeat(int id, bool isFlushed)
    {
        IsRepeatAwaited = isFlushed;
        _isBarrierUp = true;
        _repeatedId = id;
    }

    /// <summary>The batch is sent again now.</summary>
    public void BeginRepeat()
    {
        IsRepeatDue = false;
        IsRepeatAwaited = false;
        _isBarrierUp = false;
        IsSentAgain = true;
    }

    /// <summary>The batch is sent again where and when the client's turn comes: by then a copy may have become out of date once more.</summary>
    public void BeginRepeatLater()
    {
        BeginRepeat();
        IsRepeating = true;
    }

    /// <inheritdoc/>
    public void Granted(ServerConnection server)
    {
        Join(server);
        _client.Resume();
    }

    /// <inheritdoc/>
    public void Rejected(ProxyError error) => _client.End(RelayOutcome.Refused, error);

    /// <inheritdoc/>
    public void NotifyQueued() => _responses.Say(ProxyErrors.WaitNotice);

    /// <summary>The server goes back to the pool; the client goes on without.</summary>
    public void LetGo()
    {
        var server = Server;
        Part();
        _client.Times.BecameIdle();

        // It may have been held up by what that server had not taken yet, and is none of its business any more.
        _client.Regulate();
        Pool.Release(server);
    }

    /// <summary>
    /// The client's end: out of the queue, or the server is let go: back to the pool if that is sound, closed if the client leaves it
    /// <paramref name="isTorn"/>, in a state that nobody else can use. What it still runs then is cancelled, unless the client
    /// <paramref name="isTold"/> to be done by itself, with Terminate.
    /// </summary>
    public void Leave(bool isTorn, bool isTold)
    {
        if (Node.IsQueued)
        {
            Pool.Leave(this);
        }

        if (!IsJoined)
        {
            _share?.Leave();
            return;
        }

        _client.Shared.ToServer.Clear();
        var server = Server;
        var reason = isTold ? CloseReason.ClientTerminated : CloseReason.ClientLeftUnfinished;
        if (server.HasRiders)
        {
            IsRepeatDue = false;
            Ride.Leave(server, reason);
            return;
        }

        isTorn |= !Dressed.IsConfirmed;
        Part();
        if (isTorn)
        {
            server.Close(reason);
        }
        else
        {
            Pool.Release(server, reason);
        }
    }

    /// <summary>Ends the joining; the server is the caller's to release or close.</summary>
    public void Part()
    {
        var dressed = Dressed!;
        dressed.Undress();
        if (!dressed.Server.IsClosed)
        {
            dressed.Server.Part();
        }

        IsRepeatDue = false;
        Forget();
    }

    /// <inheritdoc/>
    public bool IsReadyToRide => Ride.IsReady;

    /// <inheritdoc/>
    public int MaxAhead => Ride.MaxAhead;

    /// <inheritdoc/>
    public bool MayRide(ServerConnection server) => Ride.Suits(server);

    /// <inheritdoc/>
    public void Board(ServerConnection server) => Ride.Board(server);

    /// <summary>The server is another's still, and dressed as the client would have it (<see cref="Dresser.Suits"/>).</summary>
    public void JoinBehind(ServerConnection server)
    {
        Debug.Assert(Dressed is null, "one server at a time");
        Dressed = _client.Route.DressedFormOf(server);
        _wearer = Wearer;
        IsUnused = true;
        Ride.Joined();
    }

    /// <summary>It has no server any more, whatever becomes of that.</summary>
    public void Forget()
    {
        var server = Server;
        Dressed = null;
        IsRepeatAwaited = false;
        PreludeOver();
        Ride.Forget();
        _client.Times.IsRequestOpen = false;
        if (!IsRepeatDue)
        {
            _client.Batch.Drop();
        }

        _effects.Note(_batchTraits);
        _effects.End(server);
        _batchTraits = StatementTraits.None;
        _isFirstBatchSent = false;
        AllAnswered();
        _share?.Leave();
    }

    /// <summary>Where both are done, the end counts: <c>BEGIN; …; COMMIT</c> in one Query.</summary>
    private static bool Begins(StatementTraits traits) => (traits & TransactionBounds) == StatementTraits.BeginsTransaction;

    private RequestFate TakeServer()
    {
        if (Node.IsQueued)
        {
            if (IsReadyToRide)
            {
                // The rest of its request has come while it waits.
                _client.Shared.Loop.Defer(static pool => ((Pool)pool!).Pipeline.Board(), Pool);
            }

            return RequestFate.Blocked;
        }

        if (_client.Rights.OverAtMilliseconds <= _client.Shared.Loop.NowMilliseconds)
        {
            _client.End(RelayOutcome.TokenExpired, _client.Rights.OverError);
            return RequestFate.Ended;
        }

        if (!_client.Rights.PassesAdmission())
        {
            return RequestFate.Ended;
        }

        if (!HoldsShare())
        {
            return RequestFate.Blocked;
        }

        if (Pool.TryTake(Wearer) is { } server)
        {
            Join(server);
            if (Dressed!.HoldsEverything)
            {
                _client.SendRequests();
                return RequestFate.Blocked;
            }

            return Open();
        }

        // Not yet: the grant may come from within, so it must find the message still waiting.
        _client.Shared.Loop.Defer(static state => ((ClientLink)state!).JoinQueue(), this);
        return RequestFate.Blocked;
    }

    private RequestFate Open()
    {
        Ride.MessagePassed();
        IsUnused = false;
        IsFirstRequest = !_client.Times.IsRequestOpen;
        if (_lost.IsOwed)
        {
            // What the client sends runs in a failed transaction, where nothing is to be made up.
            _effects.Note(StatementTraits.Unknown);
            _client.Run?.Forget();
            _lost.Fail();
        }

        _client.Times.RequestSent();
        return RequestFate.Pass;
    }

    private void JoinQueue()
    {
        if (!_client.IsEnded && !IsJoined && !Node.IsQueued && _client.IsBlocked)
        {
            if (HoldsShare())
            {
                Pool.Wait(this);
                _client.Times.Update();
            }
        }
        else if (!IsJoined && !Node.IsQueued)
        {
            _share?.Leave();
        }
    }

    private bool HoldsShare()
    {
        if (_share is null || _share.TryHold(_client.Settings.MaxServers ?? int.MaxValue))
        {
            return true;
        }

        _client.Times.Update();
        return false;
    }

    // Where it turns out to want no server any more, the next of its person may have it.
    private void ShareCame()
    {
        _client.Resume();
        _client.Shared.Loop.Defer(
            static state =>
            {
                var link = (ClientLink)state!;
                if (!link.IsJoined && !link.Node.IsQueued && link.WaitsForShareSinceMilliseconds is null)
                {
                    link._share!.Leave();
                }
            },
            this);
    }

    private void Join(ServerConnection server)
    {
        var dressed = _client.Route.DressedFormOf(server);
        Debug.Assert(Dressed is null, "one server at a time");
        Dressed = dressed;
        IsUnused = true;
        Ride.Joined();
        server.Join(_responses);
        server.HasServedSession |= _client.Settings.Mode == PoolMode.Session;
        _client.Times.Joined();

        // Kept for as long as the server is: a RELOAD of reset must not have a client's own session wiped under it.
        _wearer = Wearer;
        Dress(dressed);
    }

    private void Dress(DressedServer dressed)
    {
        // An unnamed statement that is only on the server must outlive what is said here, or the client's next Bind finds nothing.
        var form = _client.Statements.Unnamed.IsPinned ? PreludeForm.Named : PreludeForm.Query;
        _client.Route.Dresser.Dress(dressed, _client.Identity, _wearer!, _client.Parameters, form, _client.Shared.ToServer);
        _isFirstBatchSent = false;
        if (dressed.HoldsEverything)
        {
            // Alone: the client's bytes follow once the server has taken its parameters.
            dressed.Send(_client.Shared.ToServer);
        }
    }
}
