using System.Diagnostics;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;
using PoolProxy.Core.PreparedStatements;
using PoolProxy.Core.Transport;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Core.Backend;

/// <summary>
/// One logged-in PostgreSQL connection and the books kept on it: what it still owes, its parameters, the statements it holds, and
/// whom it was last dressed for. It lives on one loop, and goes to another only at rest (<see cref="MoveTo"/>). Bytes of a client reach it through <see cref="SendClientBytes"/> only, and only
/// a dressed server calls that; everything else the proxy says with <see cref="SendOwn"/>.
/// </summary>
internal sealed class ServerConnection
{
    /// <summary>Answers that may be owed at once; a client that pipelines beyond is not read until some have come.</summary>
    public const int MaxOwed = 64 * 1024;

    private readonly ServerReader _reader;
    private bool _isReading = true;

    public ServerConnection(Connection connection, ServerFacts facts, ParameterRegistry registry, IServerOwner owner, int maxPreparedStatements)
    {
        Connection = connection;
        Origin = connection.Id;
        Facts = facts;
        Registry = registry;
        Owner = owner;
        MaxPreparedStatements = maxPreparedStatements;
        Parameters = facts.Parameters;
        Conversation = new Conversation(MaxOwed);
        ConnectedMilliseconds = connection.Loop.NowMilliseconds;
        ConnectedTime = connection.Loop.Time.GetUtcNow();
        _reader = new ServerReader(this);
    }

    /// <summary>On the loop where it lives; another object after a move.</summary>
    public Connection Connection { get; private set; }

    /// <summary>The name of its first connection, which stays its own wherever it goes.</summary>
    public ConnectionId Origin { get; }

    public Loop Loop => Connection.Loop;

    public ServerFacts Facts { get; }

    /// <summary>Where it was opened; a RELOAD may have sent the pool elsewhere since.</summary>
    public required ServerTarget Target { get; init; }

    public ParameterRegistry Registry { get; }

    /// <summary>The part of its pool on the loop where it lives.</summary>
    public IServerOwner Owner { get; private set; }

    public Conversation Conversation { get; }

    public ServerStatements Statements { get; } = new();

    public int MaxPreparedStatements { get; }

    /// <summary>What the server has reported its tracked parameters to be.</summary>
    public ParameterSet Parameters { get; internal set; }

    /// <summary>Written by the pool alone.</summary>
    public ServerState State { get; internal set; } = ServerState.Login;

    public IServerLink? Link { get; internal set; }

    /// <summary>Whose requests were sent behind that client's; null as long as there never was one.</summary>
    public ServerRiders? Riders { get; private set; }

    /// <summary>The client being answered is not the only one.</summary>
    public bool HasRiders => Riders is { Count: > 0 };

    /// <summary>Whose request was sent last; null where nobody is linked.</summary>
    public IServerLink? Tail => Riders is { Count: > 0 } riders ? riders.Last : Link;

    /// <summary>Nothing is read for as long as a client takes its answer too slowly.</summary>
    public bool IsReadingPaused => !_isReading;

    /// <summary>The exchange under way, if the proxy itself is asking something.</summary>
    public ProxyExchange? Exchange { get; private set; }

    /// <summary>The identity it was last dressed for (an interned object of Isolation's), or null after login and resets.</summary>
    public object? DressedFor { get; internal set; }

    /// <summary>False when something has touched settings since the dressing (a tag of SET, RESET or DISCARD), or it is half done.</summary>
    public bool IsDressIntact { get; internal set; }

    /// <summary>The client's parameters as of the last dressing, and the server's as they were confirmed by it.</summary>
    public ParameterSet? WornParameters { get; internal set; }

    public ParameterSet? ConfirmedParameters { get; internal set; }

    /// <summary>What Isolation keeps with the server: its dressed form. Opaque here.</summary>
    public object? Wardrobe { get; set; }

    /// <summary>Whose unnamed statement the server holds, and which of that client's.</summary>
    public object? UnnamedOwner { get; internal set; }

    public long UnnamedVersion { get; internal set; }

    /// <summary>The batch (<see cref="ServerStatements.SentBatches"/>) for which that is sure: an earlier one may fail, and its Parse with it.</summary>
    public long UnnamedBatch { get; internal set; }

    /// <summary>What a cancel of what it runs needs to know.</summary>
    public CancelAim Aim => new(Target, Connection.RemoteEndPoint?.Address, Facts.ProcessId, Facts.CancelKey);

    /// <summary>Cancel requests aimed at it whose outcome is open.</summary>
    public int CancelsUnderWay { get; internal set; }

    /// <summary>Cancel requests that wait until nobody is behind the client they are for; nobody may come behind it meanwhile.</summary>
    public int CancelsWaiting { get; internal set; }

    /// <summary>To be closed at the next chance: RECONNECT, RELOAD, or a lifetime that passed while linked.</summary>
    public bool IsCloseNeeded { get; internal set; }

    /// <summary>Its pool is wide enough without it (pipelining): it is being closed.</summary>
    public bool IsLeaving { get; internal set; }

    /// <summary>The pool's epoch when its login began: all of earlier epochs are to be replaced. The pool's note.</summary>
    internal int Epoch { get; set; }

    /// <summary>The client that is linked has said SET: parameters that nobody reports may be other than was noted.</summary>
    internal bool HasSetUnreported { get; set; }

    /// <summary>A client's LISTEN was carried out on it: where it is shared it is told to UNLISTEN before anybody else gets it.</summary>
    internal bool HasListened { get; set; }

    /// <summary>Answered a check since it was last used; the pool's note.</summary>
    internal bool IsChecked { get; set; }

    /// <summary>Somebody has had it for more than a look: with server_lifetime = 0 that was its one use. The pool's note.</summary>
    internal bool HasServed { get; set; }

    /// <summary>It was somebody's session since the last reset (pool_mode of the pool, or of the client's user).</summary>
    internal bool HasServedSession { get; set; }

    /// <summary>A ROLLBACK is under way that the reset for the next client follows; the pool's note.</summary>
    internal bool IsResetDue { get; set; }

    public bool IsClosed { get; private set; }

    public long ConnectedMilliseconds { get; }

    public DateTimeOffset ConnectedTime { get; }

    /// <summary>When it was last let go of (idle time counts from here) or, while active, taken.</summary>
    public long StateSinceMilliseconds { get; internal set; }

    /// <summary>When the client's request under way began; wall clock for SHOW SERVERS.</summary>
    public long RequestMilliseconds { get; internal set; }

    /// <summary>Nothing owed, no exchange, outside a transaction: another client could have it.</summary>
    public bool IsSettled => Conversation.IsQuiet && Exchange is null && Conversation.Status == TransactionStatus.Idle;

    /// <summary>As <see cref="IsSettled"/> for the client it serves, who need not stay; whether another may have it is the pool's to say.</summary>
    public bool IsAtRest => Conversation.IsAnswered && Exchange is null && Conversation.Status == TransactionStatus.Idle;

    /// <summary>
    /// The one place where login hands the connection to the relay: bytes that came behind the first ReadyForQuery are read here.
    /// </summary>
    public void Attach(ReadOnlySpan<byte> leftover)
    {
        Connection.Handler = _reader;
        if (!leftover.IsEmpty)
        {
            _reader.ReadLeftover(leftover);
        }

        if (!IsClosed)
        {
            Connection.ResumeReading();
        }
    }

    /// <summary>At rest on its loop, so that it may move: nobody's, nothing owed, nothing half sent or half read.</summary>
    public bool IsMovable => !IsClosed && Link is null && IsSettled && _reader.IsAtRest && Connection.IsAtRest
        && CancelsWaiting == 0 && Riders is not { IsAtRest: false };

    /// <summary>
    /// Leaves its loop for another, where <paramref name="onArrived"/> gets it with a new owner. From here on this loop must not touch it: it
    /// belongs to the message that carries it. Only its owner calls this, never who wants to have it.
    /// </summary>
    public void MoveTo(IServerOwner owner, Loop target, Action<ServerConnection, object?> onArrived, object? state)
    {
        Debug.Assert(IsMovable && CancelsUnderWay == 0, "only a server at rest moves");
        Connection.MoveTo(
            target,
            static (connection, item) =>
            {
                var (server, owner, onArrived, state) = ((ServerConnection, IServerOwner, Action<ServerConnection, object?>, object?))item!;
                server.Arrive(connection, owner);
                onArrived(server, state);
            },
            (this, owner, onArrived, state));
    }

    /// <summary>Joins a client to this server. From here on what the server says to the client's requests goes to the link.</summary>
    public void Join(IServerLink link)
    {
        Debug.Assert(Link is null && !IsClosed, "a server serves one client at a time");
        Link = link;
    }

    /// <summary>Joins one more client, behind all others: what it sends from here on is answered after their requests (isolation.md §9).</summary>
    public void JoinBehind(IServerLink link) => (Riders ??= new ServerRiders(this)).Add(link);

    /// <summary>
    /// Answers to its link, in order, all that this dead server still owes to its client: one error a batch, and each ReadyForQuery. True where the client
    /// has had the error of a batch whose Sync is still to come. <paramref name="isTold"/>: an error that the server reported has reached it.
    /// </summary>
    public bool AnswerInPlace(IServerLink link, ProxyError error, TransactionStatus status, bool isTold) =>
        _reader.Answers.AnswerInPlace(link, error, status, isTold, othersReadies: Riders?.Count ?? 0);

    internal ServerAnswers Answers => _reader.Answers;

    /// <summary>It died in the middle of a message that was being passed on: the client's stream cannot be mended.</summary>
    public bool IsTornMidMessage => _reader.IsPassingForward;

    /// <summary>What a client is told of the loss.</summary>
    public ProxyError LossError(CloseReason reason) => reason switch
    {
        CloseReason.PreludeFailed => ProxyErrors.IsolationFailed,
        CloseReason.ProtocolViolation => ProxyErrors.ServerProtocolViolation,
        CloseReason.PipelineBroken => ProxyErrors.PipelineBroken,
        CloseReason.Administrator or CloseReason.ShuttingDown => ProxyErrors.AdminShutdown,
        _ => LastFatal ?? ProxyErrors.ServerLost,
    };

    /// <summary>The FATAL that the server said before it went, in its own words.</summary>
    internal ProxyError? LastFatal { get; set; }

    /// <summary>Undoes <see cref="Join"/>; what is still owed to the client that left is read and dropped.</summary>
    public void Part()
    {
        Link = null;
        if (HasSetUnreported)
        {
            HasSetUnreported = false;
            DoubtUnreported();
        }

        ResumeReading();
    }

    /// <summary>Bytes that contain a client's messages. Isolation's dressed server is the only caller (held by a test).</summary>
    public void SendClientBytes(SegmentList segments)
    {
        // What was gathered is not to be overtaken.
        if (Riders is { } riders && (riders.Count > 0 || riders.IsWriteDue))
        {
            riders.Send(segments);
            return;
        }

        Connection.Send(segments);
    }

    /// <summary>
    /// Notes that a message goes upstream now (or, Made, that the proxy answers it), and carries out what follows at once: made answers
    /// that are at the head, and what the server will skip because it waits for a Sync.
    /// </summary>
    public void Expect(OwedKind kind, OwedOrigin origin, int tag = 0)
    {
        Conversation.Expect(kind, origin, tag);
        if (origin == OwedOrigin.Made || Conversation.AwaitsSync)
        {
            _reader.Answers.AfterExpect();
        }
    }

    /// <summary>Messages of the proxy's own.</summary>
    public void SendOwn(ReadOnlySpan<byte> bytes)
    {
        Riders?.Write();
        Connection.Send(bytes);
    }

    /// <summary>Notes an exchange whose messages are being sent; the caller records what they will be answered with.</summary>
    public void BeginExchange(ProxyExchange exchange, TimeSpan deadline)
    {
        Debug.Assert(Exchange is null, "one exchange at a time");
        exchange.Server = this;
        Exchange = exchange;
        Loop.Timers.Arm(exchange, Loop.NowMilliseconds + (long)deadline.TotalMilliseconds);
    }

    /// <summary>Sends a simple Query of the proxy's own and gives its answers to the exchange.</summary>
    public void Ask(ProxyExchange exchange, ReadOnlySpan<byte> sql, TimeSpan deadline)
    {
        BeginExchange(exchange, deadline);
        UnnamedOwner = null;
        Conversation.Expect(OwedKind.Query, OwedOrigin.Proxy, ProxyExchange.Tag);
        using var message = new MessageWriter();
        Query.Write(message, sql);
        SendOwn(message.WrittenSpan);
    }

    /// <summary>A ReadyForQuery for the exchange has come; the last one ends it.</summary>
    internal void ExchangeReady(TransactionStatus status)
    {
        var exchange = Exchange!;
        if (--exchange.RepliesLeft > 0)
        {
            exchange.OnReplyEnd(status);
            return;
        }

        Exchange = null;
        Loop.Timers.Disarm(exchange);
        exchange.OnReady(status);
    }

    /// <summary>The server was promoted, with its sessions (from version 14 on it tells them): one that was chosen for being a standby goes when it comes free.</summary>
    internal void NoteRecovery(bool isInRecovery) =>
        IsCloseNeeded |= !new HostNature(isInRecovery, IsReadOnly: isInRecovery, Timeline: 0).Fits(Target.Demand);

    /// <summary>DISCARD ALL has passed, a client's (which may have sent more behind it) or the proxy's own: statements are gone, and parameters as after the login.</summary>
    internal void ForgetAll(bool isClients = false)
    {
        ForgetUnreported();
        if (isClients)
        {
            Statements.Dropped();
        }
        else
        {
            Statements.Clear();
        }

        UnnamedOwner = null;
    }

    /// <summary>RESET ALL or DISCARD ALL has passed: parameters that nobody reports are back at their defaults.</summary>
    internal void ForgetUnreported()
    {
        for (var i = 0; i < Registry.Names.Count; i++)
        {
            if (!Reports(i))
            {
                Parameters = Registry.With(Parameters, Registry.Names[i], null);
            }
        }
    }

    /// <summary>Whether it reports the parameter: its value is known at every moment.</summary>
    public bool Reports(int index) => Facts.Parameters[index] is not null;

    /// <summary>A client's own SET or RESET of a parameter that nobody reports: whoever comes next is given its own.</summary>
    internal void DoubtUnreported(ParameterName name) => Parameters = Registry.With(Parameters, name, ParameterSet.Unknown);

    /// <summary>
    /// Parameters that nobody reports and that a client was given: what its own SET has made of them is not known, so that the next client
    /// is given its own again. Where no client asked for one, none is given.
    /// </summary>
    internal void DoubtUnreported()
    {
        for (var i = 0; i < Registry.Names.Count; i++)
        {
            if (!Reports(i) && Parameters[i] is not null)
            {
                Parameters = Registry.With(Parameters, Registry.Names[i], ParameterSet.Unknown);
            }
        }
    }

    public void PauseReading()
    {
        _isReading = false;
        Connection.PauseReading();
    }

    public void ResumeReading()
    {
        if (!_isReading && !IsClosed)
        {
            _isReading = true;
            Connection.ResumeReading();
        }
    }

    /// <summary>
    /// Ends the connection, from whichever side: with Terminate where the server is between requests, at once otherwise. Releases
    /// everything exactly once; a link learns of it after the pool has taken the server out of its lists.
    /// </summary>
    public void Close(CloseReason reason)
    {
        if (IsClosed)
        {
            return;
        }

        IsClosed = true;

        // The list of what was read for the client is the loop's, and the pool may serve another client on the way.
        Link?.Flush();
        if (reason != CloseReason.ServerLost && IsSettled)
        {
            SendOwn(Terminate.Bytes);
            Connection.Close();
        }
        else if (reason == CloseReason.ClientTerminated)
        {
            // What the client has sent is to reach the server.
            Connection.Close();
        }
        else
        {
            Connection.Abort();
        }

        _reader.Release();
        var exchange = Exchange;
        var link = Link;
        Exchange = null;
        Owner.ServerClosed(this, reason);
        if (exchange is not null)
        {
            Loop.Timers.Disarm(exchange);
            exchange.OnServerLost();
        }

        if (link is not null)
        {
            TellLost(link, reason);
        }

        Link = null;
        Riders?.Lose(reason);
    }

    /// <summary>Tells a link that the server is gone. Whatever goes wrong with it is its own affair: others are still to be told.</summary>
    internal void TellLost(IServerLink link, CloseReason reason)
    {
        try
        {
            link.ServerLost(this, reason);
        }
        catch (Exception fault)
        {
            GiveUp(link, fault);
        }
    }

    /// <summary>Something that should not have been has come up while a link was told something: it is counted, and the link's client goes.</summary>
    internal void GiveUp(IServerLink link, Exception fault)
    {
        Loop.CountFault(fault);
        try
        {
            link.GiveUp();
        }
        catch (Exception second)
        {
            Loop.CountFault(second);
        }
    }

    /// <summary>Ends one that no pool has taken up.</summary>
    public void Discard()
    {
        IsClosed = true;
        SendOwn(Terminate.Bytes);
        Connection.Close();
        _reader.Release();
    }

    private void Arrive(Connection connection, IServerOwner owner)
    {
        Connection = connection;
        Owner = owner;
        _isReading = true;
        connection.Handler = _reader;
        connection.ResumeReading();
    }
}
