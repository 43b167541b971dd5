using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Notifications;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.Relay.Auditing;
using PoolProxy.Core.Transport;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// A logged-in client being served:
/// 1. its bytes come in (<see cref="RequestReader"/>); the first message that needs a server takes one from the pool, or waits (<see cref="ClientLink"/>);
/// 2. the server is dressed for its identity, and the prelude leaves in one write with the client's first batch;
/// 3. answers go straight back (<see cref="ResponseSide"/>); what lies behind the first Sync follows once the prelude is confirmed;
/// 4. at ReadyForQuery outside a transaction, with nothing owed, the server goes back to the pool.
/// Owned by one loop; ends exactly once (<see cref="End"/>), from whichever side, and then holds nothing.
/// </summary>
internal sealed class RelayClient : IConnectionHandler, INotifiedClient
{
    private readonly IRelayOwner _owner;
    private readonly RequestReader _requests;
    private readonly ResponseSide _responses;
    private readonly LostTransaction _lost;

    public RelayClient(
        IRelayOwner owner, RelayLoop shared, Connection connection, Route route, ClientIdentity identity, ParameterSet parameters, ParameterSet startupParameters, RelaySettings settings)
    {
        _owner = owner;
        Shared = shared;
        Connection = connection;
        Route = route;
        Identity = identity;
        StartupParameters = startupParameters;
        Settings = settings;
        Batch = new BatchCopy(shared.Loop);
        _responses = new ResponseSide(this);
        _lost = new LostTransaction(this);
        Link = new ClientLink(this, _responses, _lost);
        Times = new ClientTimes(this);
        Session = new SessionState(this);
        Rights = new ClientRights(this);
        _requests = new RequestReader(this);
        Run = settings.Pipelines ? new ClientRun(this) : null;
        SetParameters(parameters);
    }

    public RelayLoop Shared { get; }

    public Connection Connection { get; }

    public Route Route { get; }

    public ClientIdentity Identity { get; }

    public RelaySettings Settings { get; private set; }

    /// <summary>What its session's parameters are, as it was told.</summary>
    public ParameterSet Parameters { get; private set; } = null!;

    /// <summary>What it asked for at startup: where RESET takes it back to.</summary>
    public ParameterSet StartupParameters { get; }

    /// <summary>How its own session reads plain literals; the scanner has to know.</summary>
    public bool StandardConformingStrings { get; private set; } = true;

    /// <summary>Its side of being joined to a server.</summary>
    public ClientLink Link { get; }

    public ClientTimes Times { get; }

    /// <summary>What it may do, and until when.</summary>
    public ClientRights Rights { get; }

    /// <summary>What is known of its request for those that might go behind it; null as long as its database does not pipeline.</summary>
    public ClientRun? Run { get; private set; }

    /// <summary>Its batch under way, where that may have to be sent again.</summary>
    public BatchCopy Batch { get; }

    /// <summary>What it leaves in its session beyond its transactions.</summary>
    public SessionState Session { get; }

    /// <summary>What it listens on; null as long as it never has.</summary>
    public ClientChannels? Channels { get; private set; }

    /// <summary>The same, made if there is none.</summary>
    public ClientChannels OwnChannels => Channels ??= new ClientChannels(
        Shared.Listening, Route.Pool, Identity, Connection, ClientEncoding.Of(this), Settings.QueryWaitTimeout) { Client = this };

    /// <inheritdoc/>
    public bool MayBeNotified =>
        !IsEnded && !IsRequestOpen && !IsInTransaction && _lost.IsOver && _responses.IsAtRest && !Link.IsRepeatDue;

    /// <summary>Something of its is on its server alone, which it cannot leave therefore.</summary>
    public bool IsPinned => Statements.IsPinned || Session.IsPinned;

    /// <summary>Records what it does, where that is asked for.</summary>
    public StatementWatch? Watch { get; private set; }

    public string Address => _owner.Address;

    public string User => _owner.User;

    public string Database => _owner.Database;

    public StatementRequests Statements => _requests.Messages.Statements;

    /// <summary>The server it is linked to, as dressed for it.</summary>
    public DressedServer? Dressed => Link.Dressed;

    public bool IsLinked => Link.IsJoined;

    public ServerConnection Server => Link.Server;

    public bool IsEnded { get; private set; }

    /// <summary>Waiting for a server, and since when.</summary>
    public bool IsWaiting => Link.Node.IsQueued || Link.WaitsForShareSinceMilliseconds is not null;

    public WaiterNode Node => Link.Node;

    /// <summary>A whole message of its waits that was not allowed to go.</summary>
    public bool IsBlocked => _requests.IsBlocked;

    /// <summary>A request of its own is unanswered.</summary>
    public bool IsRequestOpen => Times.IsRequestOpen;

    public long RequestSinceMilliseconds => Times.RequestSinceMilliseconds;

    public bool IsInTransaction => Dressed is { } dressed && dressed.Server.Conversation.Status != TransactionStatus.Idle;

    public int PreparedStatementCount => Statements.Names.Count;

    /// <summary>What it sends next could not be taken by its server; it is not read meanwhile.</summary>
    public bool IsServerCongested => Dressed is { } dressed && dressed.Server.Connection.BacklogBytes > RelayLoop.HighWaterBytes;

    /// <summary>It does not read what it was sent.</summary>
    public bool IsCongested => Connection.BacklogBytes > RelayLoop.HighWaterBytes;

    /// <summary>Nothing of its is under way, neither asked nor owed, and no server is joined to it or waited for.</summary>
    public bool IsAtRest =>
        !IsEnded && !IsLinked && !IsWaiting && !IsRequestOpen && !Batch.IsKept && _requests.IsAtRest && Watch is not { IsAtRest: false } && _responses.IsAtRest
        && _lost.IsOver && Statements.IsAtRest && Channels is not { IsAtRest: false } && Connection.BacklogBytes == 0;

    /// <summary>This object is done with and hears nothing more; its client goes on in what was taken of it (<see cref="ParkedRelay"/>).</summary>
    public void Retire()
    {
        Times.Stop();
        EndWatch(RelayOutcome.ClientTerminated, null);
        IsEnded = true;
    }

    /// <summary>Takes up a client that was parked; it is this object's from here on.</summary>
    public void Restore(ParkedRelay parked)
    {
        Rights.ExpiresAtMilliseconds = parked.ExpiresAtMilliseconds;
        Rights.SessionEnd = parked.SessionEnd;
        Times.Restore(parked);
        Statements.Restore(parked);
        Session.Restore(parked.IsPinTold, parked.Tracked, parked.Listening);
        Channels = parked.Channels;
        Channels?.Client = this;
        parked.StopDeadline(Shared.Loop);
        Connection.Handler = this;
        Times.Update();
    }

    /// <summary>Serving begins: the one place where login hands over its unread bytes.</summary>
    public unsafe void Start(ReadOnlySpan<byte> unread)
    {
        Connection.Handler = this;
        Times.Update();
        if (!unread.IsEmpty)
        {
            fixed (byte* pointer = unread)
            {
                var bytes = new ReceivedBytes(pointer, unread.Length, ReceivedBytes.NotRetainable);
                OnReceived(Connection, in bytes);
            }
        }

        if (!IsEnded)
        {
            _requests.Regulate();
        }
    }

    public void OnReceived(Connection connection, in ReceivedBytes bytes)
    {
        if (!IsEnded)
        {
            Route.Pool.Stats.ReceivedBytes += bytes.Length;
            _requests.Receive(in bytes);
            Channels?.Flush();
        }
    }

    public void OnDrained(Connection connection)
    {
        if (!Link.Ride.IsBehind)
        {
            Dressed?.Server.ResumeReading();
        }

        Channels?.Flush();
        _requests.Resume();
    }

    /// <summary>Looks again whether more may be read from the client.</summary>
    public void Regulate() => _requests.Regulate();

    /// <inheritdoc/>
    public void ClaimSettled() => Resume();

    /// <inheritdoc/>
    public void EndUnnotified(ProxyError error) => End(RelayOutcome.NotificationsLost, error);

    /// <summary>The message at hand waits for its channels; its server may be wanted meanwhile.</summary>
    public RequestFate BlockForChannels()
    {
        Shared.Loop.Defer(static client => ((RelayClient)client!).LetGoWhileClaiming(), this);
        return RequestFate.Blocked;
    }

    /// <summary>
    /// A text of its waits until its channels are listened on, for which a server may have to come free: its own, where it has been asked for nothing on it.
    /// </summary>
    public void LetGoWhileClaiming()
    {
        if (!IsEnded && Channels is { IsClaiming: true } && Dressed is { IsConfirmed: true } dressed && dressed.Server.IsAtRest && Link.UnansweredBatches == 0
            && Settings.FansOut && !IsPinned && !IsMidMessage && _responses.IsAtRest && _lost.IsOver && !Link.IsSentAgain && !Link.Ride.IsBehind)
        {
            Link.LetGo();
        }
    }

    public void OnEnd(Connection connection, ConnectionEnd end) => End(RelayOutcome.ClientLost, null);

    /// <summary>A message of a batch that a lost server has cut; it is dealt with.</summary>
    public bool SkipsToSync(byte type)
    {
        if (!_lost.Swallows(type, out var error, out var ready))
        {
            return false;
        }

        if (error is not null)
        {
            _responses.AnswerInPlace(error, TransactionStatus.Failed);
        }

        if (ready is { } status)
        {
            _responses.AnswerInPlace(null, status);
        }

        return true;
    }

    /// <summary>Nothing is left of a server that died under it: what it sends is handled as ever.</summary>
    public bool IsUnharmed => _lost.IsOver;

    /// <inheritdoc cref="LostTransaction.TakeUntold"/>
    public ProxyError? TakeUntoldLoss(StatementTraits traits) => _lost.TakeUntold(traits);

    /// <summary>
    /// Whether a message may go as far as the audit trail is concerned: under <c>overflow = "block"</c> none that will leave a record may begin while the
    /// trail is full. Whoever was given a server for it, or is in the middle of a batch behind another client's, is let through.
    /// </summary>
    public bool PassesAudit(byte type)
    {
        if (!IsRequestOpen && !ReferenceEquals(Watch?.Audit, Shared.Audit))
        {
            EndWatch(RelayOutcome.ClientTerminated, null);
            Watch = Shared.Audit is { } audit ? new StatementWatch(this, audit) : null;
        }

        if (Watch is not { Audit.IsFull: true } watch || type is FrontendType.Sync or FrontendType.Flush)
        {
            return true;
        }

        if (IsLinked && (Link.IsUnused || Link.Ride.IsBehind || type is not (FrontendType.Query or FrontendType.Execute or FrontendType.FunctionCall)))
        {
            return true;
        }

        watch.Hold();
        return false;
    }

    /// <summary>What has been sent for it ends in the middle of a message: nothing else may follow on its server.</summary>
    public bool IsMidMessage => _requests.IsMidMessage;

    /// <summary>Sends what has been put together for the server, and what was made up for the client meanwhile.</summary>
    public void SendRequests()
    {
        if (Dressed is { } dressed)
        {
            if (Shared.ToServer.Count > 0)
            {
                dressed.Send(Shared.ToServer);
            }
        }
        else
        {
            // The list is the loop's: what is left in it would go ahead of another client's request.
            Shared.ToServer.Clear();
        }

        _responses.SendRequested();
    }

    /// <summary>The client wants to be told what there is.</summary>
    public void Flush()
    {
        if (Server.Conversation.Count == 0)
        {
            _responses.Send();
        }
    }

    /// <summary>A Sync without anything before it, and no server: the answer is known.</summary>
    public void AnswerReadyForQuery() => _responses.AnswerInPlace(null, _lost.IsOwed ? TransactionStatus.Failed : TransactionStatus.Idle);

    public void ViolateHeader(ReadOnlySpan<byte> bytes) => End(RelayOutcome.ClientViolation, ProxyErrors.BadMessageHeader(bytes[..Math.Min(bytes.Length, 8)]));

    public void ViolateLength(long lengthBytes, long limitBytes) => End(RelayOutcome.ClientViolation, ProxyErrors.MessageTooLong(lengthBytes, limitBytes));

    public RequestFate ViolateBody(string message)
    {
        End(RelayOutcome.ClientViolation, ProxyErrors.MalformedMessage(message));
        return RequestFate.Ended;
    }

    /// <summary>Something the client waited for has come: a server, a confirmation, an answer, room.</summary>
    public void Resume()
    {
        if (!IsEnded)
        {
            _requests.Resume();
        }
    }

    /// <summary>A ReadyForQuery for the client has been passed on.</summary>
    public void Answered(TransactionStatus status)
    {
        Session.Ready(status);
        Link.BatchAnswered();
        Run?.Over(Shared.Loop.NowMilliseconds - Times.RequestSinceMilliseconds, isClean: status == TransactionStatus.Idle);
        Times.Answered(status);
        if (Link.IsAllAnswered)
        {
            Link.AllAnswered();
            Link.Ride.Answered();
            Batch.Drop();
            if (status == TransactionStatus.Idle)
            {
                Link.EndTransaction();
                Watch?.TransactionOver();
            }

            Statements.Names.BatchAnswered();
        }
    }

    /// <summary>The server at hand is to be replaced.</summary>
    public void ServerOutdated()
    {
        if (Settings.ClosesFast)
        {
            AfterAnswers();
        }
    }

    /// <summary>The chunk of answers is sent: lets the server go where it may, then the client's next messages.</summary>
    public void AfterAnswers()
    {
        if (IsEnded || Dressed is not { } dressed)
        {
            return;
        }

        if (Link.IsRepeatDue)
        {
            Link.BeginRepeat();
            _requests.Repeat(Batch.Take());
            return;
        }

        var server = dressed.Server;
        if (Settings.Mode == PoolMode.Statement && server.Conversation.IsAnswered && server.Conversation.Status != TransactionStatus.Idle)
        {
            End(RelayOutcome.ClientViolation, ProxyErrors.TransactionInStatementMode);
            return;
        }

        _requests.Resume();
        if (Channels is { IsClaiming: true })
        {
            LetGoWhileClaiming();
        }

        if (IsEnded || Dressed is null || !server.IsAtRest || !dressed.IsConfirmed || IsRequestOpen)
        {
            return;
        }

        if (Rights.OverAtMilliseconds <= Shared.Loop.NowMilliseconds)
        {
            End(RelayOutcome.TokenExpired, Rights.OverError);
        }
        else if (Settings.ClosesFast && server.IsCloseNeeded && server.Conversation.Status == TransactionStatus.Idle)
        {
            End(RelayOutcome.ServerLost, ProxyErrors.ServerReplaced);
        }
        else if (Settings.Mode != PoolMode.Session && !_requests.IsMidMessage && (!_requests.IsBlocked || Watch is { IsHeld: true } || _requests.Messages.Renewal.IsUnderWay))
        {
            if (!IsPinned)
            {
                Link.LetGo();
            }
            else if (Session is { IsPinned: true, IsPinTold: false })
            {
                Session.IsPinTold = true;
                _responses.Say(ProxyErrors.SessionPinned(Session.PinnedBy));
            }
        }
    }

    /// <summary>Its request was one of several on a server, which is another client's by now: goes on without.</summary>
    public void AfterTurn()
    {
        if (IsEnded)
        {
            return;
        }

        if (Link.IsRepeatDue)
        {
            Link.BeginRepeatLater();
            _requests.Repeat(Batch.Take());
        }
        else if (Rights.OverAtMilliseconds <= Shared.Loop.NowMilliseconds)
        {
            End(RelayOutcome.TokenExpired, Rights.OverError);
        }
        else
        {
            Times.BecameIdle();
            _requests.Resume();
        }
    }

    /// <summary>The order that takes its right to be here back, if there is one.</summary>
    public ProxyError? FindRevocation() => _owner.FindRevocation();

    /// <summary>A token that the client shows in the midst of its session is judged; the bytes are the caller's.</summary>
    public void BeginRenewal(int ticket, ReadOnlySpan<byte> token) => _owner.BeginRenewal(ticket, token);

    /// <summary>It was: null, and the session goes on until then at the latest, or why not.</summary>
    public void RenewalDecided(int ticket, ProxyError? error)
    {
        if (!IsEnded)
        {
            Times.Update();
            if (_requests.Messages.Renewal.Decided(ticket, error))
            {
                Resume();
            }
        }
    }

    /// <summary>The answer to a SET that needs no server.</summary>
    public void AnswerSet(ProxyError? error) => _responses.AnswerSet(error);

    /// <summary>RELOAD: the settings that hold from here on.</summary>
    public void Reconfigure(RelaySettings settings)
    {
        Settings = settings;
        Session.Reconfigured();

        // What waits was looked at under other bounds.
        Run?.Forget();
        if (settings.Pipelines)
        {
            Run ??= new ClientRun(this);
        }

        Times.Update();
    }

    public void SetParameters(ParameterSet parameters)
    {
        Parameters = parameters;
        var name = Shared.Registry.Names.Find("standard_conforming_strings");
        StandardConformingStrings = name is null || parameters[name] is not { } value || !value.AsSpan().SequenceEqual("off"u8);
    }

    /// <summary>
    /// The client's end: says why where there is something to say, closes its connection, leaves the queue or lets the server go, and
    /// tells the frontend. Only the first call does anything.
    /// </summary>
    public void End(RelayOutcome outcome, ProxyError? error)
    {
        if (IsEnded)
        {
            return;
        }

        EndWatch(outcome, error);
        IsEnded = true;
        Times.Stop();

        // Behind half a message of the server's it would be read as that message's.
        if (error is not null && (!IsLinked || Link.Ride.IsBehind || !Server.IsTornMidMessage))
        {
            _responses.Say(error);
        }

        var isTold = outcome == RelayOutcome.ClientTerminated;
        Connection.Close(isPeerDone: isTold);
        if (Session.IsPinned && IsLinked && Route.Dresser.TryWipeNext(Server))
        {
            Link.Leave(isTorn: _requests.IsMidMessage || Statements.IsPinned, isTold);
        }
        else
        {
            Link.Leave(isTorn: _requests.IsMidMessage || IsPinned, isTold);
        }

        Channels?.End();
        Statements.Names.Dispose();
        Statements.Unnamed.Forget();
        Batch.Drop();
        _responses.Dispose();
        _requests.Dispose();
        _owner.Ended(outcome, error);
    }

    /// <summary>
    /// The server died under the client. What it owed is answered in its place, names whose Parse was not answered are undone, and a
    /// transaction that was open counts as failed: nothing of it may run outside of it later.
    /// </summary>
    internal void LoseServer(bool wasInTransaction, ProxyError error)
    {
        var server = Server;
        var status = wasInTransaction ? TransactionStatus.Failed : TransactionStatus.Idle;
        var wasAsked = IsRequestOpen;
        // Until the prelude is confirmed nothing of the server's has reached the client.
        Watch?.ServerLost(error);
        var isDressed = Dressed!.IsConfirmed;
        var isUnsaid = isDressed && wasAsked && server.Conversation is { Count: 0, IsBatchOpen: true, AwaitsSync: false };
        var skipsToSync = server.AnswerInPlace(_responses, error, status, isTold: isDressed);
        if (Link.IsRepeatAwaited)
        {
            _responses.AnswerInPlace(error, status);
            skipsToSync = true;
        }

        _requests.DropRestOfMessage();
        _lost.Note(wasInTransaction, wasAsked, skipsToSync || isUnsaid, isUnsaid, error);
        Session.ServerLost();
        Link.Part();
        Times.BecameIdle();
    }

    private void EndWatch(RelayOutcome outcome, ProxyError? error)
    {
        Watch?.End(outcome, error);
        Watch = null;
    }
}
