namespace PoolProxy.UnitTests.Configuration;

/// <summary>A row of conf/pgbouncer.md.</summary>
/// <param name="Name">The key.</param>
/// <param name="Default">PgBouncer's, in backquotes; empty where it has none.</param>
/// <param name="Reload">Whether RELOAD changes it in PgBouncer: yes or no.</param>
/// <param name="Verdict">same, better, or not applicable.</param>
/// <param name="Why">In what, or why; may be empty for same.</param>
internal sealed record PgBouncerRow(string Name, string Default, string Reload, string Verdict, string Why);
