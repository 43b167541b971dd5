using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// What the steps that a client's server has completed have come to: which settings follow the client, what keeps it with its server, and what a rollback goes back to. <see cref="SessionState"/> says when each counts.
/// </summary>
internal sealed class SessionEffects(RelayClient client, OwnSettings settings)
{
    private HeldStates _held = HeldStates.None;
    private HeldStates _settled = HeldStates.None;
    private SessionUndo? _undo;

    /// <summary>What is done with state.</summary>
    public SessionStatePolicy Policy { get; set; } = client.Settings.SessionState;

    /// <summary>Another server listens for the client, where it asks for that.</summary>
    public bool FansOut => client.Settings.FansOut && Policy != SessionStatePolicy.Refuse;

    /// <summary>What the session has that its transactions do not take with them.</summary>
    public HeldStates Held => _held;

    /// <summary>Something lasts beyond the transaction that later texts may end.</summary>
    public bool IsLasting => !ReferenceEquals(_held, HeldStates.None) || settings.HasTracked;

    /// <summary>What a parked client held is taken up again.</summary>
    public void Restore(HeldStates held) => _held = _settled = held;

    /// <summary>The server is gone, and with it what it had of the client's.</summary>
    public void ServerLost()
    {
        Rollback();
        _held = _held.WithoutServer;
        SettleChannels(isIdle: true);
    }

    /// <summary>The transaction is over, and the client idle.</summary>
    public void EndTransaction()
    {
        _undo = null;
        SettleChannels(isIdle: true);
    }

    /// <summary>There is nothing to go back to any more.</summary>
    public void Commit()
    {
        _undo = null;
        SettleChannels(isIdle: false);
    }

    /// <summary>Back to what was before the transaction.</summary>
    public void Rollback()
    {
        if (_undo is { } undo)
        {
            GoBack(undo.Parameters, undo.Held);
            _undo = null;
        }
    }

    /// <summary>A step was completed.</summary>
    public void CarryOut(in SessionStep step)
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

        _undo ??= new SessionUndo(client.Parameters, _held);
        switch (step.Kind)
        {
            case SessionStepKind.Savepoint:
                _undo.Save(step.Name, client.Parameters, _held);
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
        if (!settings.IsFollowed(setting))
        {
            return;
        }

        var isTracked = settings.TrySet(setting, value, Policy == SessionStatePolicy.Track);
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
        if (settings.IsFollowed(setting))
        {
            _held = _held.Without(HeldKind.Setting, Folded(setting));
            settings.Reset(setting);
        }
    }

    private void ResetAll()
    {
        _held = _held.Without(HeldKind.Setting);
        settings.GoBackTo(client.StartupParameters);
    }

    private void GoBack(ParameterSet parameters, HeldStates held)
    {
        _held = held.AfterRollbackOf(_held);
        settings.GoBackTo(parameters);
    }

    /// <summary>What is listened on now counts: from the ReadyForQuery on that tells the client so, at the latest.</summary>
    private void SettleChannels(bool isIdle)
    {
        if (client.Channels is { } channels && (!ReferenceEquals(_held, _settled) || (isIdle && channels.HasLooseClaims)))
        {
            channels.Settle(_held.Channels, isIdle);
            _settled = _held;
        }
    }

    private static string Folded(string setting) => setting.ToLowerInvariant();
}
