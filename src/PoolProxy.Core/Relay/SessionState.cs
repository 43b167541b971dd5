using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend.Parameters;
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
    private readonly List<SessionStep> _steps = [];
    private int _next;
    private int _batchesBefore;
    private bool _hasFailed;
    private bool _isEngaged;
    private HeldStates _held = HeldStates.None;
    private HeldStates _settled = HeldStates.None;
    private SessionUndo? _undo;

    public SessionState(RelayClient client)
    {
        _client = client;
        _settings = new OwnSettings(client);
        Policy = client.Settings.SessionState;
    }

    /// <summary>What is done with state; a RELOAD counts from the next transaction on.</summary>
    public SessionStatePolicy Policy { get; private set; }

    /// <summary>The server at hand has state of the client's that no other has: it stays, and nobody else may have it as it is.</summary>
    public bool IsPinned => _held.HoldsServer;

    /// <summary>The client was told that it keeps its server.</summary>
    public bool IsPinTold { get; set; }

    /// <summary>What pins it, in words; empty for nothing.</summary>
    public string PinnedBy => IsPinned ? _held.Describe() : "";

    /// <summary>Another server listens for it, where it asks for that.</summary>
    private bool FansOut => _client.Settings.FansOut && Policy != SessionStatePolicy.Refuse;

    /// <summary>The batch under way holds steps: what becomes of them is to be known before anything else is sent.</summary>
    public bool HasSteps => _steps.Count > 0;

    /// <summary>Whether a text has to be looked into before it is sent.</summary>
    public bool Concerns(StatementTraits traits) =>
        (traits & (Leaving | Clearing)) != 0 && (_isEngaged || (Policy != SessionStatePolicy.Shared && (traits & Leaving) != 0) || ((traits & StatementTraits.Listens) != 0 && FansOut));

    /// <summary>
    /// A text is about to be sent, or parsed to be run later, that may LISTEN: whether it has to wait until its channels are listened on for it. The client
    /// is told; if it comes to nothing, <see cref="Look"/> and <see cref="LookAhead"/> answer why.
    /// </summary>
    public bool AwaitsListening(ReadOnlySpan<byte> text, StatementTraits traits)
    {
        if ((traits & StatementTraits.Listens) == 0 || !FansOut)
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
        if ((Policy != SessionStatePolicy.Refuse || (traits & Leaving) == 0) && ((traits & StatementTraits.Listens) == 0 || !FansOut))
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
                CarryOut(_steps[at]);
                _next = at + 1;
                return;
            }
        }

        switch (tag)
        {
            case CommandTagKind.Commit or CommandTagKind.PrepareTransaction:
                Commit();
                break;
            case CommandTagKind.Rollback:
                Rollback();
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
                    CarryOut(_steps[_next]);
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

        Rollback();
        _held = _held.WithoutServer;
        _steps.Clear();
        _next = 0;
        _hasFailed = false;
        SettleChannels(isIdle: true);
        _isEngaged = IsEngagedIdle;
    }

    /// <summary>What it listens on, to be kept while it is idle.</summary>
    public HeldStates Listening => _held.WithoutServer;

    /// <summary>What is to be kept of its settings while it is idle; null for nothing.</summary>
    public List<int>? Tracked => _settings.Tracked;

    /// <summary>Takes up what is known of a client that was parked.</summary>
    public void Restore(bool isPinTold, List<int>? tracked, HeldStates listening)
    {
        IsPinTold = isPinTold;
        _settings.Tracked = tracked;
        _held = _settled = listening;
        _isEngaged = IsEngagedIdle;
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
            Rollback();
        }

        _undo = null;
        SettleChannels(isIdle: true);
        _isEngaged = IsEngagedIdle;
        Policy = _client.Settings.SessionState;
    }

    /// <summary>Something lasts beyond the transaction that later texts may end.</summary>
    private bool IsEngagedIdle => !ReferenceEquals(_held, HeldStates.None) || _settings.HasTracked;

    private void Commit()
    {
        _undo = null;
        SettleChannels(isIdle: false);
    }

    /// <summary>What is listened on now counts: from the ReadyForQuery on that tells the client so, at the latest.</summary>
    private void SettleChannels(bool isIdle)
    {
        if (_client.Channels is { } channels && (!ReferenceEquals(_held, _settled) || (isIdle && channels.HasLooseClaims)))
        {
            channels.Settle(_held.Channels, isIdle);
            _settled = _held;
        }
    }

    private ProxyError? ListenFailure(int from)
    {
        ProxyError? error = null;
        for (var i = from; i < _steps.Count && FansOut; i++)
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

    private void Rollback()
    {
        if (_undo is { } undo)
        {
            GoBack(undo.Parameters, undo.Held);
            _undo = null;
        }
    }

    private void CarryOutUntagged(int end)
    {
        for (; _next < end; _next++)
        {
            if (_steps[_next].Tag == CommandTagKind.Other)
            {
                CarryOut(_steps[_next]);
            }
        }
    }

    private void CarryOut(in SessionStep step)
    {
        switch (step.Kind)
        {
            case SessionStepKind.None:
                return;
            case SessionStepKind.Commit:
                Commit();
                return;
            case SessionStepKind.Rollback:
                Rollback();
                return;
            case SessionStepKind.Release:
                _undo?.Release(step.Name);
                return;
            case SessionStepKind.RollbackTo:
                if (_undo is { } undo)
                {
                    var (parameters, held) = undo.BackTo(step.Name);
                    GoBack(parameters, held);
                }

                return;
            default:
                break;
        }

        _undo ??= new SessionUndo(_client.Parameters, _held);
        switch (step.Kind)
        {
            case SessionStepKind.Savepoint:
                _undo.Save(step.Name, _client.Parameters, _held);
                break;
            case SessionStepKind.Set:
                Set(step.Name, step.Value);
                break;
            case SessionStepKind.Reset:
                Reset(step.Name);
                break;
            case SessionStepKind.ResetAll:
                ResetAll();
                break;
            case SessionStepKind.DiscardAll:
                ResetAll();
                _held = HeldStates.None;
                break;
            default:
                _held = _held.After(step, makes: Policy != SessionStatePolicy.Shared || (step is { Kind: SessionStepKind.Listen, Name.Length: > 0 } && FansOut));
                break;
        }
    }

    private void Set(string setting, byte[]? value)
    {
        if (!_settings.IsFollowed(setting))
        {
            return;
        }

        var isTracked = _settings.TrySet(setting, value, Policy == SessionStatePolicy.Track);
        if (Policy == SessionStatePolicy.Pin || (Policy == SessionStatePolicy.Track && !isTracked))
        {
            _held = _held.With(HeldKind.Setting, Folded(setting));
        }
        else if (isTracked)
        {
            _held = _held.Without(HeldKind.Setting, Folded(setting));
        }
    }

    private void Reset(string setting)
    {
        if (_settings.IsFollowed(setting))
        {
            _held = _held.Without(HeldKind.Setting, Folded(setting));
            _settings.Reset(setting);
        }
    }

    private void ResetAll()
    {
        _held = _held.Without(HeldKind.Setting);
        _settings.GoBackTo(_client.StartupParameters);
    }

    private void GoBack(ParameterSet parameters, HeldStates held)
    {
        _held = held.AfterRollbackOf(_held);
        _settings.GoBackTo(parameters);
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

    private static string Folded(string setting) => setting.ToLowerInvariant();
}
