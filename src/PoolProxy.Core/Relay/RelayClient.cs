using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.Transport;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// A logged-in client being served:
/// 1. its bytes come in (<see cref="RequestReader"/>); the first message that needs a server takes one from the pool, or waits;
/// 2. the server is dressed for its identity, and the prelude leaves in one write with the client's first batch;
/// 3. answers go straight back (<see cref="ResponseSide"/>); what lies behind the first Sync follows once the prelude is confirmed;
/// 4. at ReadyForQuery outside a transaction, with nothing owed, the server goes back to the pool.
/// Owned by one loop; ends exactly once (<see cref="End"/>), from whichever side, and then holds nothing.
/// </summary>
internal sealed class RelayClient : IConnectionHandler, IWaiter
{
    private readonly IRelayOwner _owner;
    private readonly RequestReader _requests;
    private readonly ResponseSide _responses;
    private readonly ClientDeadlines _deadlines;
    private readonly LostTransaction _lost;
    private bool _isFirstBatchSent;
    private bool _isBarrierUp;

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
        Node = new WaiterNode(this);
        _requests = new RequestReader(this);
        _responses = new ResponseSide(this);
        _deadlines = new ClientDeadlines(this);
        _lost = new LostTransaction(this);
        SetParameters(parameters);
        IdleSinceMilliseconds = shared.Loop.NowMilliseconds;
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

    /// <summary>The server it is linked to, as dressed for it.</summary>
    public DressedServer? Dressed { get; private set; }

    [MemberNotNullWhen(true, nameof(Dressed))]
    public bool IsLinked => Dressed is not null;

    public ServerConnection Server => Dressed!.Server;

    public bool IsEnded { get; private set; }

    public bool IsWaiting => Node.IsQueued;

    public long IdleSinceMilliseconds { get; private set; }

    public long RequestSinceMilliseconds { get; private set; }

    public long TransactionSinceMilliseconds { get; private set; }

    /// <summary>A request of its own is unanswered.</summary>
    public bool IsRequestOpen { get; private set; }

    /// <summary>When its token runs out, on the loop's clock; never for the other methods.</summary>
    public long ExpiresAtMilliseconds { get; set; } = long.MaxValue;

    public bool IsInTransaction => Dressed is { } dressed && dressed.Server.Conversation.Status != TransactionStatus.Idle;

    public int PreparedStatementCount => _requests.Messages.Statements.Count;

    public object Wearer => Route.Dresser.ResetsBetweenClients ? this : Identity;

    public bool IsLoggingIn => false;

    public TimeSpan QueryWaitTimeout => Settings.QueryWaitTimeout;

    public WaiterNode Node { get; }

    public StatementRequests Statements => _requests.Messages.Statements;

    /// <summary>What it sends next could not be taken by its server; it is not read meanwhile.</summary>
    public bool IsServerCongested => Dressed is { } dressed && dressed.Server.Connection.BacklogBytes > RelayLoop.HighWaterBytes;

    /// <summary>Under <c>set_role</c> a statement that cannot be looked into cannot be let through.</summary>
    public bool MustSeeStatements => Route.Dresser.Level == IsolationLevel.SetRole;

    /// <summary>Serving begins: the one place where login hands over its unread bytes.</summary>
    public unsafe void Start(ReadOnlySpan<byte> unread)
    {
        Connection.Handler = this;
        _deadlines.Update();
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
        }
    }

    public void OnDrained(Connection connection) => Dressed?.Server.ResumeReading();

    public void OnEnd(Connection connection, ConnectionEnd end) => End(RelayOutcome.ClientLost, null);

    /// <summary>A message of a batch that a lost server has cut; it is dealt with.</summary>
    public bool SkipsToSync(byte type)
    {
        if (!_lost.Swallows(type, out var ready))
        {
            return false;
        }

        if (ready is { } status)
        {
            _responses.AnswerInPlace(null, status);
        }

        return true;
    }

    /// <inheritdoc cref="LostTransaction.TakeUntold"/>
    public ProxyError? TakeUntoldLoss(StatementTraits traits) => _lost.TakeUntold(traits);

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
        if (_isBarrierUp || dressed.HoldsEverything || (!dressed.IsConfirmed && _isFirstBatchSent) || server.Conversation.IsFull)
        {
            return RequestFate.Blocked;
        }

        if (server.IsSettled && Shared.ToServer.Count == 0 && NeedsDressing(server))
        {
            Dress(dressed);
            if (dressed.HoldsEverything)
            {
                return RequestFate.Blocked;
            }
        }

        return Open();
    }

    /// <summary>A Query or Sync is on its way: what follows it may have to wait.</summary>
    public void BatchEnded(StatementTraits traits)
    {
        _isFirstBatchSent = true;

        // What changes settings, the identity among them, or drops statements must be answered before the next batch is put in words.
        const StatementTraits Barrier = StatementTraits.SetsParameter | StatementTraits.ChangesRole | StatementTraits.DiscardAll
            | StatementTraits.Deallocate | StatementTraits.DeallocateAll | StatementTraits.Unknown;
        _isBarrierUp = (traits & Barrier) != 0;
    }

    public void RequestSent()
    {
        if (!IsRequestOpen)
        {
            IsRequestOpen = true;
            RequestSinceMilliseconds = Shared.Loop.NowMilliseconds;
            Server.RequestMilliseconds = RequestSinceMilliseconds;
            _deadlines.Update();
        }
    }

    /// <summary>A change of role that can be seen is refused where nothing else stops it (isolation.md §1).</summary>
    public bool RefusesRoleChange(StatementTraits traits) =>
        Route.Dresser.Level == IsolationLevel.SetRole && (traits & (StatementTraits.ChangesRole | StatementTraits.Unknown)) != 0;

    /// <summary>Sends what has been put together for the server, and what was made up for the client meanwhile.</summary>
    public void SendRequests()
    {
        if (Shared.ToServer.Count > 0 && Dressed is { } dressed)
        {
            dressed.Send(Shared.ToServer);
        }

        _responses.Send();
    }

    /// <summary>A Sync without anything before it, and no server: the answer is known.</summary>
    public void AnswerReadyForQuery() => _responses.AnswerReadyForQuery();

    public void ViolateHeader(ReadOnlySpan<byte> bytes) => End(RelayOutcome.ClientViolation, ProxyErrors.BadMessageHeader(bytes[..Math.Min(bytes.Length, 8)]));

    public void ViolateLength(long lengthBytes) => End(RelayOutcome.ClientViolation, ProxyErrors.MessageTooLong(lengthBytes, Settings.MaxPacketSize));

    /// <inheritdoc/>
    public void Granted(ServerConnection server)
    {
        Join(server);
        if (!IsEnded)
        {
            _requests.Resume();
        }
    }

    /// <inheritdoc/>
    public void Rejected(ProxyError error) => End(RelayOutcome.Refused, error);

    /// <inheritdoc/>
    public void NotifyQueued() => _responses.Say(ProxyErrors.WaitNotice);

    /// <summary>Something the client waited for has come: a confirmation, an answer, room.</summary>
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
        var stats = Route.Pool.Stats;
        var now = Shared.Loop.NowMilliseconds;
        stats.QueryCount++;
        stats.QueryMicroseconds += (now - RequestSinceMilliseconds) * 1000;
        IsRequestOpen = !Server.Conversation.IsQuiet;
        RequestSinceMilliseconds = now;
        IdleSinceMilliseconds = now;
        if (status == TransactionStatus.Idle)
        {
            stats.XactCount++;
            stats.XactMicroseconds += (now - TransactionSinceMilliseconds) * 1000;
            TransactionSinceMilliseconds = now;
        }

        if (Server.Conversation.IsQuiet)
        {
            _isBarrierUp = false;
            Statements.BatchAnswered();
        }

        _deadlines.Update();
    }

    /// <summary>The chunk of answers is sent: lets the server go where it may, then the client's next messages.</summary>
    public void AfterAnswers()
    {
        if (IsEnded || Dressed is not { } dressed)
        {
            return;
        }

        var server = dressed.Server;
        if (Settings.Mode == PoolMode.Statement && server.Conversation.IsQuiet && server.Conversation.Status != TransactionStatus.Idle)
        {
            End(RelayOutcome.ClientViolation, ProxyErrors.TransactionInStatementMode);
            return;
        }

        _requests.Resume();
        if (IsEnded || Dressed is null || !server.IsSettled || !dressed.IsConfirmed || IsRequestOpen)
        {
            return;
        }

        if (ExpiresAtMilliseconds <= Shared.Loop.NowMilliseconds)
        {
            End(RelayOutcome.TokenExpired, ProxyErrors.TokenExpired);
        }
        else if (Settings.Mode != PoolMode.Session && !Statements.IsPinned && !_requests.IsMidMessage && !_requests.IsBlocked)
        {
            LetGo();
        }
    }

    /// <summary>RELOAD: the settings that hold from here on.</summary>
    public void Reconfigure(RelaySettings settings)
    {
        Settings = settings;
        _deadlines.Update();
    }

    public void SetParameters(ParameterSet parameters)
    {
        Parameters = parameters;
        var name = Shared.Registry.Names.Find("standard_conforming_strings");
        StandardConformingStrings = name is null || parameters[name] is not { } value || !value.AsSpan().SequenceEqual("off"u8);
    }

    /// <summary>
    /// The client's end: says why where there is something to say, closes its connection, leaves the queue or lets the server go (back
    /// to the pool if that is sound, closed otherwise), and tells the frontend. Only the first call does anything.
    /// </summary>
    public void End(RelayOutcome outcome, ProxyError? error)
    {
        if (IsEnded)
        {
            return;
        }

        IsEnded = true;
        _deadlines.Stop();
        if (error is not null)
        {
            _responses.Say(error);
        }

        Connection.Close();
        if (Node.IsQueued)
        {
            Route.Pool.Leave(this);
        }

        if (IsLinked)
        {
            Shared.ToServer.Clear();
            var server = Server;
            var isTorn = _requests.IsMidMessage || Statements.IsPinned || !Dressed.IsConfirmed;
            Unlink();
            if (isTorn)
            {
                server.Close(CloseReason.ClientLeftUnfinished);
            }
            else
            {
                Route.Pool.Release(server);
            }
        }

        Statements.Dispose();
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
        var skipsToSync = server.AnswerInPlace(_responses, error, status, isTold: Dressed!.IsConfirmed);
        _requests.DropRestOfMessage();
        _lost.Note(wasInTransaction, wasAsked, skipsToSync, error);
        Unlink();
        IdleSinceMilliseconds = Shared.Loop.NowMilliseconds;
        _deadlines.Update();
    }

    /// <summary>Ends the link; the server is the caller's to release or close.</summary>
    internal void Unlink()
    {
        var dressed = Dressed!;
        Dressed = null;
        dressed.Undress();
        if (!dressed.Server.IsClosed)
        {
            dressed.Server.Part();
        }

        IsRequestOpen = false;
        _isFirstBatchSent = false;
        _isBarrierUp = false;
    }

    private bool NeedsDressing(ServerConnection server) => Route.Dresser.Level == IsolationLevel.None
        ? !server.Parameters.SameAs(Parameters)
        : !server.IsDressIntact || !ReferenceEquals(server.WornParameters, Parameters);

    private RequestFate TakeServer()
    {
        if (IsWaiting)
        {
            return RequestFate.Blocked;
        }

        if (ExpiresAtMilliseconds <= Shared.Loop.NowMilliseconds)
        {
            End(RelayOutcome.TokenExpired, ProxyErrors.TokenExpired);
            return RequestFate.Ended;
        }

        if (Route.Pool.TryTake(Wearer) is { } server)
        {
            Join(server);
            if (Dressed!.HoldsEverything)
            {
                SendRequests();
                return RequestFate.Blocked;
            }

            return Open();
        }

        // Not yet: the grant may come from within, so it must find the message still waiting.
        Shared.Loop.Defer(static state => ((RelayClient)state!).JoinQueue(), this);
        return RequestFate.Blocked;
    }

    private RequestFate Open()
    {
        if (_lost.IsOwed)
        {
            _lost.Fail();
        }

        RequestSent();
        return RequestFate.Pass;
    }

    private void JoinQueue()
    {
        if (!IsEnded && !IsLinked && !IsWaiting && _requests.IsBlocked)
        {
            Route.Pool.Wait(this);
            _deadlines.Update();
        }
    }

    private void Join(ServerConnection server)
    {
        var dressed = Route.DressedFormOf(server);
        Debug.Assert(Dressed is null, "one server at a time");
        Dressed = dressed;
        server.Join(_responses);
        TransactionSinceMilliseconds = Shared.Loop.NowMilliseconds;
        _isFirstBatchSent = false;
        Dress(dressed);
    }

    private void Dress(DressedServer dressed)
    {
        Route.Dresser.Dress(dressed, Identity, Wearer, Parameters, Shared.ToServer);
        _isFirstBatchSent = false;
        if (dressed.HoldsEverything)
        {
            // Alone: the client's bytes follow once the server has taken its parameters.
            dressed.Send(Shared.ToServer);
        }
    }

    private void LetGo()
    {
        var server = Server;
        Unlink();
        IdleSinceMilliseconds = Shared.Loop.NowMilliseconds;
        _deadlines.Update();
        Route.Pool.Release(server);
    }
}
