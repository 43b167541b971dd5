using System.Collections.Concurrent;

namespace PoolProxy.Core.PreparedStatements;

/// <summary>The clock of each database, whose roles' pools share it. Any thread may call.</summary>
internal sealed class SchemaClocks
{
    private readonly ConcurrentDictionary<string, SchemaClock> _clocks = new(StringComparer.Ordinal);

    /// <summary>The clock of a database, by its name in the configuration.</summary>
    public SchemaClock Of(string database) => _clocks.GetOrAdd(database, static _ => new SchemaClock());
}
