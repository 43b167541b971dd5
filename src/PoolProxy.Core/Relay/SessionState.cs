using PoolProxy.Configuration.Model;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Notifications;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// What a client leaves in its session beyond its transactions, as far as its texts show it (isolation.md §7): by <c>session_state</c> it follows the
/// client, keeps the server with it, or is refused. Nothing but a test of traits for a text that leaves nothing.
/// 1. A text that may is read into steps before it is sent, and nothing is sent behind its batch until that is answered.
/// 2. Each CommandComplete carries its step out; those whose tag does not tell them apart count when the next does, or the batch is over.
/// 3. A rollback, of the transaction or to a savepoint, goes back to what was before; at the end of the transaction what is left holds.
/// </summary>
internal sealed class SessionState
{
    private const StatementTraits Leaving = StatementTraits.SetsForSession | StatementTraits.MakesTemporary | StatementTraits.HoldsCursor
        | StatementTraits.Listens | StatementTraits.TakesAdvisoryLock | StatementTraits.Prepares;

    private const StatementTraits Clearing = StatementTraits.SetsForSession | StatementTraits.DiscardAll | StatementTraits.Discards | StatementTraits.Deallocate
        | StatementTraits.DeallocateAll | StatementTraits.Unlistens | StatementTraits.ReleasesState
        | StatementTraits.ChangesSchema | StatementTraits.Savepoints | StatementTraits.RollsBack;

    private readonly RelayClient _client;
    private readonly OwnSettings _settings;
    private readonly SessionEffects _effects;
    private readonly List<SessionStep> _steps = [];
    private int _next;
    private int _batchesBefore;
    private bool _hasFailed;
    private bool _isEngaged;

    public SessionState(RelayClient client)
    {
        _client = client;
        _settings = new OwnSettings(client);
        _effects = new SessionEffects(client, _settings);
    }

    /// <summary>What is done with state; a RELOAD counts from the next transaction on.</summary>
    public SessionStatePolicy Policy
    {
        get => _effects.Policy;
        private set => _effects.Policy = value;
    }

    /// <summary>The server at hand has state of the client's that no other has: it stays, and nobody else may have it as it is.</summary>
    public bool IsPinned => _effects.Held.HoldsServer;

    /// <summary>The client was told that it keeps its server.</summary>
    public bool IsPinTold { get; set; }

    /// <summary>What pins it, in words; empty for nothing.</summary>
    public string PinnedBy => IsPinned ? _effects.Held.Describe() : "";

    /// <summary>The batch under way holds steps: what becomes of them is to be known before anything else is sent.</summary>
    public bool HasSteps => _steps.Count > 0;

    /// <summary>Whether a text has to be looked into before it is sent.</summary>
    public bool Concerns(StatementTraits traits) =>
        (traits & (Leaving | Clearing)) != 0 && (_isEngaged || (Policy != SessionStatePolicy.Shared && (traits & Leaving) != 0) || ((traits & StatementTraits.Listens) != 0 && _effects.FansOut));

    /// <summary>
    /// A text is about to be sent, or parsed to be run later, that may LISTEN: whether it has to wait until its channels are listened on for it. The client
    /// is told; if it comes to nothing, <see cref="Look"/> and <see cref="LookAhead"/> answer why.
    /// </summary>
    public bool AwaitsListening(ReadOnlySpan<byte> text, StatementTraits traits)
    {
        if ((traits & StatementTraits.Listens) == 0 || !_effects.FansOut)
        {
            return false;
        }

        _isEngaged = true;
        var isAwaited = false;
        var before = _steps.Count;
        Read(text, traits);
        for (var i = before; i < _steps.Count; i++)
        {
            if (_steps[i] is { Kind: SessionStepKind.Listen, Name: { Length: > 0 } name } && ListeningSql.MayListen(name))
            {
                isAwaited |= !_client.OwnChannels.TryClaim(name);
            }
        }

        _steps.RemoveRange(before, _steps.Count - before);
        return isAwaited;
    }

    /// <summary>
    /// A text is about to be sent, or run, for which <see cref="Concerns"/> holds: notes what it will do, or answers why it may not.
    /// </summary>
    public ProxyError? Look(ReadOnlySpan<byte> text, StatementTraits traits)
    {
        var before = _steps.Count;
        if (before == 0)
        {
            _batchesBefore = _client.Link.UnansweredBatches;
        }

        Read(text, traits);
        var error = Policy switch
        {
            SessionStatePolicy.Refuse => Refusal(before),
            SessionStatePolicy.Track => _settings.Excess(_steps),
            _ => null,
        };
        error ??= ListenFailure(before);
        if (error is not null)
        {
            _steps.RemoveRange(before, _steps.Count - before);
        }

        if (_steps.Count == 0)
        {
            _batchesBefore = 0;
        }

        _isEngaged |= _steps.Count > 0;
        return error;
    }

    /// <summary>A text that will be run later is refused already where it is parsed.</summary>
    public ProxyError? LookAhead(ReadOnlySpan<byte> text, StatementTraits traits)
    {
        if ((Policy != SessionStatePolicy.Refuse || (traits & Leaving) == 0) && ((traits & StatementTraits.Listens) == 0 || !_effects.FansOut))
        {
            return null;
        }

        var steps = _steps.Count;
        Read(text, traits);
        var error = Policy == SessionStatePolicy.Refuse ? Refusal(steps) : ListenFailure(steps);
        _steps.RemoveRange(steps, _steps.Count - steps);
        return error;
    }

    /// <summary>A statement of the client's was completed.</summary>
    public void Completed(CommandTagKind tag)
    {
        if (!_isEngaged)
        {
            return;
        }

        if (_batchesBefore == 0)
        {
            var at = _steps.FindIndex(_next, step => step.Tag == tag);
            if (at >= 0)
            {
                CarryOutUntagged(at);
                _effects.CarryOut(_steps[at]);
                _next = at + 1;
                return;
            }
        }

        switch (tag)
        {
            case CommandTagKind.Commit or CommandTagKind.PrepareTransaction:
                _effects.Commit();
                break;
            case CommandTagKind.Rollback:
                _effects.Rollback();
                break;
            default:
                break;
        }
    }

    /// <summary>An error for the client's batch under way.</summary>
    public void Failed()
    {
        if (_isEngaged && _batchesBefore == 0)
        {
            _hasFailed = true;
        }
    }

    /// <summary>The batch has come to nothing and is sent again.</summary>
    public void BatchUndone()
    {
        _steps.Clear();
        _next = 0;
        _batchesBefore = 0;
        _hasFailed = false;
    }

    /// <summary>A ReadyForQuery for the client: with it the batch is over, and perhaps the transaction.</summary>
    public void Ready(TransactionStatus status)
    {
        if (!_isEngaged)
        {
            if (status == TransactionStatus.Idle)
            {
                Policy = _client.Settings.SessionState;
            }

            return;
        }

        if (_batchesBefore > 0)
        {
            _batchesBefore--;
            return;
        }

        if (!_hasFailed)
        {
            CarryOutUntagged(_steps.Count);
        }
        else
        {
            for (; _next < _steps.Count; _next++)
            {
                if (_steps[_next].Kind == SessionStepKind.Lock)
                {
                    // It may stand before what has failed, and a rollback leaves it.
                    _effects.CarryOut(_steps[_next]);
                }
            }
        }

        _steps.Clear();
        _next = 0;
        if (status == TransactionStatus.Idle)
        {
            EndTransaction();
        }

        _hasFailed = false;
    }

    /// <summary>The server is gone, and with it what it had of the client's and what was under way.</summary>
    public void ServerLost()
    {
        if (!_isEngaged)
        {
            return;
        }

        _effects.ServerLost();
        _steps.Clear();
        _next = 0;
        _hasFailed = false;
        _isEngaged = _effects.IsLasting;
    }

    /// <summary>What it listens on, to be kept while it is idle.</summary>
    public HeldStates Listening => _effects.Held.WithoutServer;

    /// <summary>What is to be kept of its settings while it is idle; null for nothing.</summary>
    public List<int>? Tracked => _settings.Tracked;

    /// <summary>Takes up what is known of a client that was parked.</summary>
    public void Restore(bool isPinTold, List<int>? tracked, HeldStates listening)
    {
        IsPinTold = isPinTold;
        _settings.Tracked = tracked;
        _effects.Restore(listening);
        _isEngaged = _effects.IsLasting;
    }

    /// <summary>A RELOAD has changed the settings.</summary>
    public void Reconfigured()
    {
        if (!_client.IsInTransaction && !_client.IsRequestOpen)
        {
            Policy = _client.Settings.SessionState;
        }
    }

    private void Read(ReadOnlySpan<byte> text, StatementTraits traits)
    {
        if (!SessionSteps.Read(text, _client.StandardConformingStrings, _steps) && (traits & Leaving) != 0)
        {
            _steps.Add(new SessionStep(SessionStepKind.Unread, CommandTagKind.Other));
        }
    }

    private void EndTransaction()
    {
        if (_hasFailed)
        {
            _effects.Rollback();
        }

        _effects.EndTransaction();
        _isEngaged = _effects.IsLasting;
        Policy = _client.Settings.SessionState;
    }

    private ProxyError? ListenFailure(int from)
    {
        ProxyError? error = null;
        for (var i = from; i < _steps.Count && _effects.FansOut; i++)
        {
            if (_steps[i].Kind == SessionStepKind.ListenUnread)
            {
                return ProxyErrors.ChannelNotRead;
            }

            if (_steps[i] is { Kind: SessionStepKind.Listen, Name: { Length: > 0 } name })
            {
                var failure = ListeningSql.MayListen(name) ? _client.Channels?.TakeFailure(name) : ProxyErrors.ChannelNotRead;
                error ??= failure;
            }
        }

        return error;
    }

    private void CarryOutUntagged(int end)
    {
        for (; _next < end; _next++)
        {
            if (_steps[_next].Tag == CommandTagKind.Other)
            {
                _effects.CarryOut(_steps[_next]);
            }
        }
    }

    private ProxyError? Refusal(int from)
    {
        for (var i = from; i < _steps.Count; i++)
        {
            var step = _steps[i];
            if (step.Kind == SessionStepKind.Set ? _settings.IsFollowed(step.Name) : HeldStates.KindOf(step.Kind) is not null)
            {
                return ProxyErrors.SessionStateRefused(HeldStates.CommandOf(step));
            }
        }

        return null;
    }
}
