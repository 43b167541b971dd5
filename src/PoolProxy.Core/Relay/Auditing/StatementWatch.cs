using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Relay.Auditing;

/// <summary>
/// Follows one client's statements from the message that runs them to the answer, and records them. One record each: a Query with all its statements, an
/// Execute (each part of a portal that is fetched in parts is one), a function call; a Parse, Bind or Describe where it fails; a commit that fails at Sync.
/// </summary>
/// <remarks>
/// Its queue runs beside the server's own of what is owed, by the client's messages alone: so it holds whatever the proxy puts in between, and for
/// clients that follow one another on a server. Owned by the client, on its loop.
/// </remarks>
internal sealed class StatementWatch(RelayClient client, LoopAudit audit) : IAnswerWatch
{
    private readonly WatchedRequests _open = new();
    private readonly List<WatchedRequest> _failed = [];
    private readonly StatementResult _result = new();
    private readonly RecordWriter _records = new(client, audit);
    private readonly NotedStatements _notes = new(client, audit);
    private bool _isFailing;
    private bool _isWaiting;

    /// <summary>The loop's.</summary>
    public LoopAudit Audit => audit;

    /// <summary>The client waits until the trail takes records again.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>Since when, on the loop's clock.</summary>
    public long HeldSinceMilliseconds { get; private set; }

    /// <summary>It remembers what nothing else does.</summary>
    public bool IsAtRest => _open.Count == 0 && !_notes.HasOwn && !IsHeld;

    /// <summary>What the client sends next stays where it is.</summary>
    public void Hold()
    {
        if (IsHeld)
        {
            return;
        }

        IsHeld = true;
        if (!_isWaiting)
        {
            _isWaiting = true;
            HeldSinceMilliseconds = client.Shared.Loop.NowMilliseconds;
        }

        audit.Hold(this);
        client.Times.Update();
    }

    /// <summary>There may be room.</summary>
    public void LetGo()
    {
        IsHeld = false;
        if (!client.IsEnded)
        {
            client.Resume();
            client.Times.Update();
        }
    }

    /// <summary>A message is about to be handled, with a server at hand.</summary>
    /// <param name="type">Which.</param>
    /// <param name="body">As much of it as is here.</param>
    /// <param name="missingBytes">How much of it is not.</param>
    public void Sent(byte type, ReadOnlySpan<byte> body, long missingBytes)
    {
        _isWaiting = false;
        switch (type)
        {
            case FrontendType.Query:
                Add(OwedKind.Query, _notes.OfQuery(body, missingBytes));
                break;
            case FrontendType.Parse:
                Add(OwedKind.Parse, _notes.OfParse(body, missingBytes));
                break;
            case FrontendType.Bind:
                var note = _notes.OfBind(body, missingBytes, out var bound);
                Add(OwedKind.Bind, note, bound);
                break;
            case FrontendType.Describe:
                Add(OwedKind.DescribeStatement, _notes.OfDescribe(body));
                break;
            case FrontendType.Execute:
                note = _notes.OfExecute(body, out var parameters, out var maxRows);
                Add(OwedKind.Execute, note, parameters, maxRows);
                break;
            case FrontendType.FunctionCall:
                Add(OwedKind.FunctionCall, null, null, NotedStatements.FunctionOf(body));
                break;
            case FrontendType.Close:
                _notes.Closed(body);
                break;
            default:
                break;
        }
    }

    /// <summary>The message was not handled after all; it comes again, or its client is gone.</summary>
    public void Unsent(byte type)
    {
        if (IsWatched(type) && _open.TryTakeNewest(out var request))
        {
            Release(in request);
        }
    }

    /// <inheritdoc/>
    public void Answered(byte type, OwedKind kind, bool isCompleted, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case BackendType.CommandComplete:
                _result.Tag(body);
                break;
            case BackendType.PortalSuspended when _open.Count > 0:
                // PostgreSQL says so when, and only when, as many rows were sent as Execute asked for.
                _result.Rows(_open.Oldest.Number);
                Finish("suspended"u8);
                return;
            default:
                break;
        }

        if (!isCompleted || kind is OwedKind.Sync or OwedKind.Close)
        {
            return;
        }

        if (kind is OwedKind.Execute or OwedKind.Query or OwedKind.FunctionCall)
        {
            Finish(_result.Outcome);
        }
        else
        {
            Drop();
        }
    }

    /// <inheritdoc/>
    public void AnswerMade(OwedKind kind)
    {
        if (kind == OwedKind.Parse)
        {
            Drop();
        }
    }

    /// <inheritdoc/>
    public void ErrorBegins(OwedKind kind, bool isOwn, bool isRefusal, ReadOnlySpan<byte> code)
    {
        if (isRefusal)
        {
            _result.Fail(client.Statements.Refusals.Oldest.SqlState, isRefused: true);
        }
        else
        {
            _result.Fail(code);
        }

        if (isOwn && kind == OwedKind.Sync)
        {
            // A deferred constraint: every statement of the batch was told to have gone well.
            _records.Write(new WatchedRequest(kind, null, null, client.Shared.Loop.Time.GetTimestamp(), client.Server.Facts.ProcessId, 0), "error"u8, _result, "commit"u8);
            _result.Clear();
        }
        else if (kind < OwedKind.Sync)
        {
            _isFailing = true;
            if (isOwn && _open.TryTake(out var request))
            {
                _failed.Add(request);
            }
        }
    }

    /// <inheritdoc/>
    public void Skipped(OwedKind kind)
    {
        if (kind is OwedKind.Close or OwedKind.Sync || !_open.TryTake(out var request))
        {
            return;
        }

        if (_isFailing)
        {
            _failed.Add(request);
        }
        else
        {
            Skip(in request);
        }
    }

    /// <inheritdoc/>
    public void ErrorEnds(bool isRepeated)
    {
        if (!_isFailing)
        {
            return;
        }

        _isFailing = false;
        if (!isRepeated && _failed.Count > 0)
        {
            RecordFailed();
        }

        foreach (var request in _failed)
        {
            Release(in request);
        }

        _failed.Clear();
        _result.Clear();
    }

    /// <summary>The server died: what it was to run and has not answered may or may not have been carried out.</summary>
    public void ServerLost(ProxyError error)
    {
        _result.Fail(error.SqlState);
        EndAll("lost"u8);
    }

    /// <summary>The transaction is over, and everything the client has sent is answered.</summary>
    public void TransactionOver() => _notes.ForgetPortals();

    /// <summary>The client has left, or nothing of its is recorded any more.</summary>
    /// <param name="outcome">Whose end it was.</param>
    /// <param name="error">What the client was told, if anything.</param>
    public void End(RelayOutcome outcome, ProxyError? error)
    {
        if (error is not null)
        {
            _result.Fail(error.SqlState);
        }

        EndAll(outcome == RelayOutcome.ServerLost ? "lost"u8 : "abandoned"u8);
        _notes.Clear();
        _result.Dispose();
    }

    private static bool IsWatched(byte type) => type is FrontendType.Query or FrontendType.Parse or FrontendType.Bind or FrontendType.Describe
        or FrontendType.Execute or FrontendType.FunctionCall;

    private void Add(OwedKind kind, StatementNote? note, StatementNote? parameters = null, uint number = 0) =>
        _open.Add(new WatchedRequest(kind, note, parameters, client.Shared.Loop.Time.GetTimestamp(), client.Server.Facts.ProcessId, number));

    private void Finish(ReadOnlySpan<byte> outcome)
    {
        if (_open.TryTake(out var request))
        {
            _records.Write(in request, outcome, _result);
            Release(in request);
        }

        _result.Clear();
    }

    private void Drop()
    {
        if (_open.TryTake(out var request))
        {
            Release(in request);
        }
    }

    /// <summary>
    /// The first of them has failed, and the server has skipped the others. What would have run the very text that could not be prepared is no statement of
    /// its own.
    /// </summary>
    private void RecordFailed()
    {
        var failed = _failed[0];
        var own = 0;
        for (var i = 1; i < _failed.Count && own == 0 && !failed.Runs; i++)
        {
            if (_failed[i].Runs && _failed[i].Note is { } note && failed.Note is { } text && note.Json.Span.SequenceEqual(text.Json.Span))
            {
                own = i;
            }
        }

        var parameters = failed.Parameters ?? _failed[own].Parameters;
        _records.Write(failed with { Parameters = parameters }, _result.Outcome, _result, failed.Kind switch
        {
            OwedKind.Parse => "parse"u8,
            OwedKind.Bind => "bind"u8,
            OwedKind.DescribeStatement => "describe"u8,
            _ => default,
        });
        _result.Clear();
        for (var i = 1; i < _failed.Count; i++)
        {
            if (i != own && _failed[i].Runs)
            {
                _records.Write(_failed[i], "skipped"u8, _result);
            }
        }
    }

    private void Skip(in WatchedRequest request)
    {
        if (request.Runs)
        {
            _result.Clear();
            _records.Write(in request, "skipped"u8, _result);
        }

        Release(in request);
    }

    private void EndAll(ReadOnlySpan<byte> outcome)
    {
        while (_open.TryTake(out var request))
        {
            if (request.Runs)
            {
                _records.Write(in request, outcome, _result);
            }

            Release(in request);
        }

        _result.Clear();
    }

    private void Release(in WatchedRequest request)
    {
        audit.Return(request.Note);
        audit.Return(request.Parameters);
    }
}
