using System.Diagnostics;
using PoolProxy.Core.Audit;

namespace PoolProxy.Core.Relay.Auditing;

/// <summary>
/// What records say of one text, or of one set of parameters: fields of JSON, made once however often the statement runs. Counted, and used again when
/// nobody needs it any more; of one loop.
/// </summary>
internal sealed class StatementNote
{
    private int _users;

    /// <summary>The fields, each with a comma ahead.</summary>
    public AuditBuffer Json { get; } = new(256);

    /// <summary>The text shows that it only reads.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>Its literals and parameters may be secrets.</summary>
    public bool MayHoldSecret { get; set; }

    /// <summary>Which settings it was made under.</summary>
    public StatementPolicy? Policy { get; set; }

    /// <summary>One more needs it.</summary>
    public StatementNote Take()
    {
        _users++;
        return this;
    }

    /// <summary>One less does; true where it was the last.</summary>
    public bool Leave()
    {
        Debug.Assert(_users > 0, "taken before");
        return --_users == 0;
    }
}
