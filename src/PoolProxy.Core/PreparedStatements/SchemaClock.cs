namespace PoolProxy.Core.PreparedStatements;

/// <summary>
/// Counts the changes to one database's schema that have passed through the proxy. PostgreSQL itself looks after a prepared statement
/// whose tables change, but not after one whose names would mean something else now: a new table in an earlier schema of the search
/// path, another function that fits better. So what was prepared before a change is prepared again before it serves as an unnamed
/// statement. Any thread may call.
/// </summary>
internal sealed class SchemaClock
{
    private long _now;

    /// <summary>How many changes there were.</summary>
    public long Now => Volatile.Read(ref _now);

    /// <summary>A transaction that may have changed the schema is over.</summary>
    public void Advance() => Interlocked.Increment(ref _now);
}
