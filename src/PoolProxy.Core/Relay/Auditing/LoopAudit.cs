using PoolProxy.Core.Audit;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Relay.Auditing;

/// <summary>What one loop needs to record statements: the settings, notes and records to be used again, and the clients that wait until the trail has room.</summary>
internal sealed class LoopAudit(AuditTrail trail, Loop loop, StatementPolicy policy)
{
    /// <summary>Notes larger than this, and more of them, are let go.</summary>
    private const int MaxSpareBytes = 16 * 1024;

    private const int MaxSpareNotes = 256;

    private readonly Stack<StatementNote> _spare = [];
    private readonly List<StatementWatch> _held = [];
    private bool _isAsked;

    /// <summary>Where records go.</summary>
    public AuditTrail Trail => trail;

    /// <summary>What is recorded; a RELOAD changes it.</summary>
    public StatementPolicy Policy { get; private set; } = policy;

    /// <summary>A record being written.</summary>
    public AuditBuffer Record { get; } = new(1024);

    /// <summary>Nothing may begin that will leave a record.</summary>
    public bool IsFull => trail.IsFull;

    /// <summary>Clients that wait for that to change.</summary>
    public int HeldCount => _held.Count;

    /// <summary>A RELOAD: what is sent from here on is recorded so. Null: the clients that wait need not wait any more.</summary>
    public void Apply(StatementPolicy? policy)
    {
        // The same settings stay the same object: notes made under them hold.
        if (policy is not null && policy != Policy)
        {
            Policy = policy;
        }

        loop.Defer(static audit => ((LoopAudit)audit!).LetGo(), this);
    }

    /// <summary>An empty note, taken once.</summary>
    public StatementNote Rent() => (_spare.TryPop(out var note) ? note : new StatementNote()).Take();

    /// <summary>Who had taken it does not need it any more.</summary>
    public void Return(StatementNote? note)
    {
        if (note is null || !note.Leave())
        {
            return;
        }

        if (_spare.Count == MaxSpareNotes || note.Json.Length > MaxSpareBytes)
        {
            note.Json.Dispose();
            return;
        }

        note.Json.Clear();
        _spare.Push(note);
    }

    /// <summary>A client waits until there is room.</summary>
    public void Hold(StatementWatch watch)
    {
        _held.Add(watch);
        if (_isAsked)
        {
            return;
        }

        _isAsked = true;
        if (!trail.WhenRoom(HasRoom))
        {
            loop.Defer(static audit => ((LoopAudit)audit!).LetGo(), this);
        }
    }

    // On the writer's thread.
    private void HasRoom() => loop.Post(static audit => ((LoopAudit)audit!).LetGo(), this);

    private void LetGo()
    {
        _isAsked = false;
        if (_held.Count == 0)
        {
            return;
        }

        var held = _held.ToArray();
        _held.Clear();
        foreach (var watch in held)
        {
            watch.LetGo();
        }
    }
}
