using System.Collections.Immutable;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// What a client has left in its session on the server at hand, by kind and name. Immutable, so that a transaction or savepoint that is undone goes
/// back to the one before by a reference. Names compare as PostgreSQL compares them once they are folded; an empty one stands for something
/// whose name is not known, which only the end of all of its kind ends.
/// </summary>
internal sealed class HeldStates
{
    /// <summary>Beyond, names are not told apart any more: a bound of memory, not of what is held. Channels have a bound of their own.</summary>
    private const int MaxNames = 256;

    private readonly ImmutableHashSet<(HeldKind Kind, string Name)> _states;

    private HeldStates(ImmutableHashSet<(HeldKind Kind, string Name)> states) => _states = states;

    /// <summary>Nothing.</summary>
    public static HeldStates None { get; } = new([]);

    /// <summary>Something of it is on the server alone: all but channels, which another server listens on.</summary>
    public bool HoldsServer => _states.Count > Channels.Count;

    /// <summary>The channels that are listened on.</summary>
    public IReadOnlySet<string> Channels => field ??= _states.Where(state => state.Kind == HeldKind.Channel).Select(state => state.Name).ToHashSet();

    /// <summary>What is left when the server is gone.</summary>
    public HeldStates WithoutServer => Of(_states.Where(state => state.Kind == HeldKind.Channel).ToImmutableHashSet());

    public HeldStates With(HeldKind kind, string name) => Of(_states.Add((kind, _states.Count < MaxNames || kind == HeldKind.Channel ? name : "")));

    public HeldStates Without(HeldKind kind, string name) => name.Length == 0 ? this : Of(_states.Remove((kind, name)));

    public HeldStates Without(HeldKind kind) => Of(_states.Except(_states.Where(state => state.Kind == kind)));

    /// <summary>What is held behind a step that is none of a setting's; one that leaves something counts only if it <paramref name="makes"/> a pin.</summary>
    public HeldStates After(in SessionStep step, bool makes) => step.Kind switch
    {
        SessionStepKind.DiscardTemporary => Without(HeldKind.Temporary),
        SessionStepKind.Drop => Without(HeldKind.Temporary, step.Name),
        SessionStepKind.CloseCursor => Without(HeldKind.Cursor, step.Name),
        SessionStepKind.CloseAll => Without(HeldKind.Cursor),
        SessionStepKind.Unlisten => Without(HeldKind.Channel, step.Name),
        SessionStepKind.UnlistenAll => Without(HeldKind.Channel),
        SessionStepKind.UnlockAll => Without(HeldKind.AdvisoryLock),
        SessionStepKind.Deallocate => Without(HeldKind.Statement, step.Name),
        SessionStepKind.DeallocateAll => Without(HeldKind.Statement),
        _ when makes && KindOf(step.Kind) is { } kind => With(kind, step.Name),
        _ => this,
    };

    /// <summary>What a step leaves behind; null for one that leaves nothing.</summary>
    public static HeldKind? KindOf(SessionStepKind kind) => kind switch
    {
        SessionStepKind.Set or SessionStepKind.Unread => HeldKind.Setting,
        SessionStepKind.MakeTemporary => HeldKind.Temporary,
        SessionStepKind.HoldCursor => HeldKind.Cursor,
        SessionStepKind.Listen or SessionStepKind.ListenUnread => HeldKind.Channel,
        SessionStepKind.Lock => HeldKind.AdvisoryLock,
        SessionStepKind.Prepare => HeldKind.Statement,
        _ => null,
    };

    /// <summary>What a step that leaves something is called where it is refused.</summary>
    public static string CommandOf(in SessionStep step) => step.Kind switch
    {
        SessionStepKind.Set => $"SET {step.Name}",
        SessionStepKind.MakeTemporary => "CREATE TEMPORARY",
        SessionStepKind.HoldCursor => "DECLARE CURSOR WITH HOLD",
        SessionStepKind.Listen or SessionStepKind.ListenUnread => "LISTEN",
        SessionStepKind.Unread => "what follows the body of a routine",
        SessionStepKind.Lock => "a session-level advisory lock",
        _ => "PREPARE",
    };

    /// <summary>What is held once a transaction is rolled back before which this was held, and now <paramref name="current"/>.</summary>
    public HeldStates AfterRollbackOf(HeldStates current) => ReferenceEquals(this, current)
        ? this
        : Of(_states.Where(state => !IsKept(state.Kind)).ToImmutableHashSet().Union(current._states.Where(state => IsKept(state.Kind))));

    /// <summary>The kinds that are on the server, for SHOW CLIENTS and the notice.</summary>
    public string Describe() => string.Join(", ", _states.Select(state => state.Kind).Where(kind => kind != HeldKind.Channel).Distinct().Order().Select(Describe));

    public static string Describe(HeldKind kind) => kind switch
    {
        HeldKind.Setting => "setting",
        HeldKind.Temporary => "temporary object",
        HeldKind.Cursor => "cursor with hold",
        HeldKind.AdvisoryLock => "advisory lock",
        _ => "prepared statement",
    };

    private static bool IsKept(HeldKind kind) => kind is HeldKind.AdvisoryLock or HeldKind.Statement;

    private HeldStates Of(ImmutableHashSet<(HeldKind Kind, string Name)> states) =>
        ReferenceEquals(states, _states) ? this : states.IsEmpty ? None : new HeldStates(states);
}
