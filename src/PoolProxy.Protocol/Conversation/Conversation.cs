using System.Diagnostics;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Conversation;

/// <summary>
/// What one server still owes: a queue with an entry for each message sent to it, and the few facts that decide which
/// entry a message from the server answers. It follows what PostgreSQL's main loop does with the same messages.
/// </summary>
/// <remarks>
/// <para>Use: <see cref="Expect"/> for each message in the order in which it goes upstream (or, if
/// <see cref="OwedOrigin.Made"/>, would have gone), <see cref="Receive"/> for each message that comes back. After either,
/// call <see cref="TryTakeSkipped"/> and then <see cref="TryTakeMade"/> until they answer false.</para>
/// <para>Owned by one server connection and touched only by its loop. Nothing is allocated once the ring has grown to what
/// the busiest pipeline needed; it is bounded by the constructor's argument and <see cref="Headroom"/>.</para>
/// <para>Source: protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY, #PROTOCOL-FLOW-PIPELINING, #PROTOCOL-COPY;
/// PostgresMain in postgres.c and CopyGetData in copyfromparse.c.</para>
/// </remarks>
public sealed class Conversation
{
    /// <summary>
    /// Entries that are still accepted when <see cref="IsFull"/> is true, so that a message that was begun can be
    /// finished with all that the proxy adds to it.
    /// </summary>
    public const int Headroom = 16;

    private readonly OwedRing _ring;
    private readonly int _bound;
    private OwedQueue _queue;
    private CopyIn _copy;
    private bool _isHalfDescribed;

    /// <summary>An empty conversation with a server that is idle.</summary>
    /// <param name="bound">How many entries make it full; at least 1.</param>
    public Conversation(int bound = 1024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        _bound = bound;
        _queue = new OwedQueue();
        _ring = _queue.Ring;
    }

    /// <summary>What the last ReadyForQuery said.</summary>
    public TransactionStatus Status { get; private set; } = TransactionStatus.Idle;

    /// <summary>
    /// Whether the server owes nothing and stands right behind a ReadyForQuery. So it is false while it skips to a Sync,
    /// while a batch was answered that no Sync has ended (<see cref="IsBatchOpen"/>), and while <see cref="IsUncertain"/>.
    /// </summary>
    public bool IsQuiet => IsAnswered && !_copy.IsUncertain;

    /// <summary>
    /// <see cref="IsQuiet"/> for whoever the server serves: nothing is known to be owed, though one ReadyForQuery more may
    /// come if <see cref="IsUncertain"/>. To wait for that could be to wait for ever.
    /// </summary>
    public bool IsAnswered => _ring.Count == 0 && !(IsBatchOpen | _queue.AwaitsSync);

    /// <summary>The number of entries.</summary>
    public int Count => _ring.Count;

    /// <summary>How many ReadyForQuery are owed. Goes through all entries.</summary>
    public int ReadyCount
    {
        get
        {
            int count = 0;
            for (int i = 0; i < _ring.Count; i++)
            {
                if (EndsRequest(_ring[i].Kind))
                    count++;
            }

            return count;
        }
    }

    /// <summary>Whether ReadyForQuery answers it.</summary>
    public static bool EndsRequest(OwedKind kind) => kind is OwedKind.Sync or OwedKind.Query or OwedKind.FunctionCall;

    /// <summary>Whether no more messages of the client should be taken on until answers have come.</summary>
    public bool IsFull => _ring.Count >= _bound;

    /// <summary>Whether the server has asked for COPY data and nothing was sent yet that ends it.</summary>
    public bool IsCopyIn => _copy.Phase == CopyPhase.Reading;

    /// <summary>
    /// Whether the server skips everything that is sent to it now, because an error came in extended protocol and no Sync
    /// is under way.
    /// </summary>
    public bool AwaitsSync => _queue.AwaitsSync;

    /// <summary>
    /// Whether extended messages were answered since the last ReadyForQuery: the transaction that they opened lasts until
    /// a Sync (or a Query) ends it, whatever <see cref="Status"/> says.
    /// </summary>
    public bool IsBatchOpen { get; private set; }

    /// <summary>
    /// Whether what is sent now follows an extended message, answered or not, that no Sync or Query has ended yet: a Sync of
    /// the proxy's own would end the client's transaction here.
    /// </summary>
    public bool IsMidBatch => _ring.Count == 0 ? IsBatchOpen | _queue.AwaitsSync : _ring[_ring.Count - 1].Kind is < OwedKind.Sync or OwedKind.CopyEnd;

    /// <summary>
    /// Whether the number of ReadyForQuery to come cannot be known. A COPY failed while a Sync was under way that the
    /// server ignores if it reads it before the failure, and answers if it reads it after. The server can go on serving
    /// this client but must not serve another: <see cref="IsQuiet"/> is false, and a ReadyForQuery too many is forwarded.
    /// It ends with the next CommandComplete: that answers something sent behind the Sync in question.
    /// </summary>
    public bool IsUncertain => _copy.IsUncertain;

    /// <summary>Records a message that is sent to the server now, or, if Made, one that the proxy answers.</summary>
    /// <param name="kind">The message.</param>
    /// <param name="origin">Made only for a kind that ReadyForQuery does not answer.</param>
    /// <param name="tag">Handed back with the entry.</param>
    /// <exception cref="InvalidOperationException">The bound and the headroom are used up: the caller did not look at
    /// <see cref="IsFull"/>.</exception>
    public void Expect(OwedKind kind, OwedOrigin origin, int tag = 0)
    {
        Debug.Assert(origin != OwedOrigin.Made || kind < OwedKind.Sync, "only extended messages can be answered by the proxy");
        if ((_queue.AwaitsSync | (_copy.Phase == CopyPhase.Reading) | (kind == OwedKind.CopyEnd)) && !AdmitsUnusual(kind, origin))
            return;
        if (_ring.Count >= _bound + Headroom)
            throw new InvalidOperationException("the conversation is full");
        _ring.Add(new Owed(kind, origin, tag));
    }

    /// <summary>Attributes a message of the server to what it answers.</summary>
    /// <param name="backendType">The message's type byte.</param>
    /// <param name="readyStatus">For ReadyForQuery its status byte, else ignored.</param>
    public Received Receive(byte backendType, byte readyStatus = 0)
    {
        if (_queue.HasSkipped)
            _queue.DropSkipped();
        if (_ring.Count == 0)
            return ReceiveUnowed(backendType, readyStatus);

        Owed head = _ring.Head;
        switch (backendType)
        {
            case BackendType.DataRow:
            case BackendType.CopyData:
            case BackendType.CopyDone:
            case BackendType.CopyOutResponse:
            case BackendType.CopyBothResponse:
                return head.Kind is OwedKind.Execute or OwedKind.Query ? Belongs(head) : Unexpected(head);

            case BackendType.CommandComplete:
                if (_copy.Phase != CopyPhase.None && !_copy.TryEnd(_ring))
                    return Unexpected(head);
                return EndResult(head);

            case BackendType.EmptyQueryResponse:
                return EndResult(head);

            case BackendType.PortalSuspended:
                return head.Kind == OwedKind.Execute ? Complete(head) : Unexpected(head);

            case BackendType.ReadyForQuery:
                return ReceiveReady(head, readyStatus);

            case BackendType.BindComplete:
                return head.Kind == OwedKind.Bind ? Complete(head) : Unexpected(head);

            case BackendType.ParseComplete:
                return head.Kind == OwedKind.Parse ? Complete(head) : Unexpected(head);

            case BackendType.CloseComplete:
                return head.Kind == OwedKind.Close ? Complete(head) : Unexpected(head);

            case BackendType.RowDescription:
                return head.Kind == OwedKind.Query ? Belongs(head) : EndDescription(head);

            case BackendType.NoData:
                return EndDescription(head);

            case BackendType.ParameterDescription:
                if (head.Kind != OwedKind.DescribeStatement || _isHalfDescribed)
                    return Unexpected(head);
                _isHalfDescribed = true;
                return Belongs(head);

            case BackendType.NoticeResponse:
            case BackendType.ParameterStatus:
            case BackendType.NotificationResponse:
                return Belongs(head);

            case BackendType.ErrorResponse:
                return ReceiveError(head);

            case BackendType.CopyInResponse:
                return ReceiveCopyIn(head);

            case BackendType.FunctionCallResponse:
                return head.Kind == OwedKind.FunctionCall ? Belongs(head) : Unexpected(head);

            default:
                return Unexpected(head);
        }
    }

    /// <summary>
    /// Takes the next entry that the server will never answer, because it skips from an error to the next Sync. Made entries
    /// are among them, in order.
    /// </summary>
    public bool TryTakeSkipped(out Owed skipped) => _queue.TryTakeSkipped(out skipped);

    /// <summary>Takes the next entry, whatever it is: the server is gone and answers none. The rest is of use for <see cref="Reset"/> only.</summary>
    public bool TryTakeLost(out Owed lost) => _queue.TryTakeLost(out lost);

    /// <summary>Takes the next entry if the proxy is to answer it now: all before it has been answered.</summary>
    public bool TryTakeMade(out Owed made) => _queue.TryTakeMade(out made);

    /// <summary>Forgets everything: for an object that is used again with a fresh server.</summary>
    public void Reset()
    {
        _queue.Clear();
        _copy = default;
        Status = TransactionStatus.Idle;
        IsBatchOpen = false;
        _isHalfDescribed = false;
    }

    private static Received Belongs(Owed head) => new(Toward(head), false, head);

    private static Received Unexpected(Owed head) => new(Disposition.Unexpected, false, head);

    private static Disposition Toward(Owed head) =>
        head.Origin switch
        {
            OwedOrigin.Client => Disposition.Forward,
            OwedOrigin.Proxy => Disposition.Swallow,
            _ => Disposition.Unexpected, // a Made entry has no answer of the server: the caller left it at the head
        };

    /// <summary>An extended message (not Sync) was answered.</summary>
    private Received Complete(Owed head)
    {
        if (head.Origin == OwedOrigin.Made)
            return Unexpected(head);
        IsBatchOpen = true;
        _queue.TakeHead();
        return new(Toward(head), true, head);
    }

    private Received EndResult(Owed head)
    {
        // Whatever is completed now was sent behind the COPY that left the doubt, and behind its early Syncs.
        _copy.BecomeCertain();
        return head.Kind switch
        {
            OwedKind.Execute => Complete(head),
            OwedKind.Query => Belongs(head),
            _ => Unexpected(head),
        };
    }

    private Received EndDescription(Owed head)
    {
        bool isDue = head.Kind == OwedKind.DescribePortal || (head.Kind == OwedKind.DescribeStatement && _isHalfDescribed);
        if (!isDue)
            return Unexpected(head);
        _isHalfDescribed = false;
        return Complete(head);
    }

    private Received ReceiveReady(Owed head, byte readyStatus)
    {
        if (!IsStatus(readyStatus))
            return Unexpected(head);
        bool isDue = head.Kind is OwedKind.Sync or OwedKind.Query or OwedKind.FunctionCall && (_copy.Phase == CopyPhase.None);
        if (!isDue)
            return _copy.IsUncertain ? ReceiveSpareReady(readyStatus) : Unexpected(head);
        Status = (TransactionStatus)readyStatus;
        IsBatchOpen = false;
        _queue.TakeHead();
        return new(Toward(head), true, head);
    }

    /// <summary>The answer to a Sync that was counted as ignored.</summary>
    private Received ReceiveSpareReady(byte readyStatus)
    {
        Status = (TransactionStatus)readyStatus;
        IsBatchOpen = false;
        _queue.SyncAnswered();
        return new(Disposition.Forward, false, default);
    }

    private Received ReceiveUnowed(byte backendType, byte readyStatus) =>
        backendType switch
        {
            // A FATAL error may come at any time (57P01, 57P05); what it says is for the caller to read.
            BackendType.NoticeResponse or BackendType.ParameterStatus or BackendType.NotificationResponse
                or BackendType.ErrorResponse => new(Disposition.Forward, false, default),
            BackendType.ReadyForQuery when _copy.IsUncertain && IsStatus(readyStatus) => ReceiveSpareReady(readyStatus),
            _ => Unexpected(default),
        };

    private Received ReceiveError(Owed head)
    {
        if (_copy.Phase != CopyPhase.None)
            _copy.Abandon();
        _isHalfDescribed = false;

        // Sync itself can fail (a deferred constraint at commit); Query and FunctionCall end at their ReadyForQuery.
        if (head.Kind >= OwedKind.Sync)
            return Belongs(head);

        // protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY: after an error, messages are discarded until Sync.
        Received received = Complete(head);
        if (received.Disposition != Disposition.Unexpected)
            _queue.SkipToSync();
        return received;
    }

    private Received ReceiveCopyIn(Owed head)
    {
        if (head.Kind is not (OwedKind.Execute or OwedKind.Query) || _copy.Phase != CopyPhase.None)
            return Unexpected(head);
        _copy.Begin(_ring);
        return Belongs(head);
    }

    /// <summary>Whether a message is recorded that meets a COPY, or a server that skips to a Sync.</summary>
    private bool AdmitsUnusual(OwedKind kind, OwedOrigin origin)
    {
        if (_queue.AwaitsSync)
            return _queue.AdmitsSkipped(kind);
        if (_copy.Phase == CopyPhase.Reading && origin != OwedOrigin.Made && !_copy.Admits(kind))
            return false;

        // A CopyDone that nothing precedes ends nothing: the server ignores it.
        return kind != OwedKind.CopyEnd || _ring.Count != 0;
    }

    private static bool IsStatus(byte status) => status is (byte)'I' or (byte)'T' or (byte)'E';
}
