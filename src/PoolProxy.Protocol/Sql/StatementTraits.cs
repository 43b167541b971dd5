namespace PoolProxy.Protocol.Sql;

/// <summary>
/// What can be seen in the text of a Query or Parse without running it. Conservative: a trait is there when the text might
/// do it. What functions and DO blocks do inside is not seen (isolation.md §1), nor is the text of their bodies read.
/// </summary>
[Flags]
public enum StatementTraits : ulong
{
    /// <summary>Nothing of what follows.</summary>
    None = 0,

    /// <summary>
    /// A setting may change: SET, RESET or DISCARD leads a statement (SET LOCAL and SET TRANSACTION too, for their tag is the
    /// same; SET CONSTRAINTS not), <c>set_config</c> is called, or <c>pg_settings</c> is updated.
    /// </summary>
    SetsParameter = 1 << 0,

    /// <summary>Of <see cref="SetsParameter"/>, what lasts beyond the transaction: anything but SET LOCAL, SET TRANSACTION and DISCARD.</summary>
    SetsForSession = 1 << 1,

    /// <summary>
    /// SET or RESET of role or session authorization in any spelling, <c>set_config</c> of it or of a name that is not a
    /// plain literal, UPDATE of <c>pg_settings</c>. Not DISCARD ALL.
    /// </summary>
    ChangesRole = 1 << 2,

    /// <summary>
    /// May change a setting that the proxy owns: role, session_authorization, application_name, exit_on_error,
    /// <c>request.*</c>, <c>poolproxy.*</c>; so do RESET ALL and DISCARD ALL.
    /// </summary>
    ChangesProxySetting = 1 << 3,

    /// <summary>DISCARD ALL.</summary>
    DiscardAll = 1 << 4,

    /// <summary>RESET ALL.</summary>
    ResetAll = 1 << 5,

    /// <summary>DISCARD PLANS, TEMP or SEQUENCES.</summary>
    Discards = 1 << 6,

    /// <summary>DEALLOCATE of one name: <see cref="StatementScanner.DeallocatedName"/>. Several of them are also <see cref="Unknown"/>.</summary>
    Deallocate = 1 << 7,

    /// <summary>DEALLOCATE ALL.</summary>
    DeallocateAll = 1 << 8,

    /// <summary>BEGIN, START TRANSACTION, or an end AND CHAIN.</summary>
    BeginsTransaction = 1 << 9,

    /// <summary>COMMIT, END, ROLLBACK (not TO a savepoint), ABORT, PREPARE TRANSACTION.</summary>
    EndsTransaction = 1 << 10,

    /// <summary>More than one statement.</summary>
    Multiple = 1 << 11,

    /// <summary>PREPARE of a statement.</summary>
    Prepares = 1 << 12,

    /// <summary>EXECUTE of a prepared statement, also inside EXPLAIN and CREATE TABLE AS.</summary>
    Executes = 1 << 13,

    /// <summary>LISTEN.</summary>
    Listens = 1 << 14,

    /// <summary>UNLISTEN.</summary>
    Unlistens = 1 << 15,

    /// <summary>COPY, in either direction, or of a file.</summary>
    Copies = 1 << 16,

    /// <summary>DECLARE … WITH HOLD: a cursor that outlives the transaction.</summary>
    HoldsCursor = 1 << 17,

    /// <summary>A temporary table, view or sequence may be made (TEMP, TEMPORARY, <c>pg_temp</c>).</summary>
    MakesTemporary = 1 << 18,

    /// <summary>A session-level advisory lock may be taken.</summary>
    TakesAdvisoryLock = 1 << 19,

    /// <summary><c>nextval</c> or <c>setval</c>: what currval and lastval tell afterwards belongs to the session.</summary>
    UsesSequence = 1 << 20,

    /// <summary>LOAD of a library.</summary>
    Loads = 1 << 21,

    /// <summary>SELECT … FOR UPDATE, NO KEY UPDATE, SHARE or KEY SHARE.</summary>
    LocksRows = 1 << 22,

    /// <summary>
    /// A plain literal holds a backslash, so where it ends depends on standard_conforming_strings: not to be relied on while
    /// a change of that setting may be under way.
    /// </summary>
    DependsOnStringSyntax = 1 << 23,

    /// <summary>No statement at all.</summary>
    Empty = 1 << 24,

    /// <summary>ROLLBACK or ABORT, in any form: TO a savepoint and of a prepared transaction too, without <see cref="EndsTransaction"/> then.</summary>
    RollsBack = 1 << 25,

    /// <summary>
    /// Holds, or may hold, a constant whose value PostgreSQL settles when it parses the text and that is another one later: <c>'now'</c>,
    /// <c>'today'</c>, a time of day without its date, a name of <c>reg*</c> types, or a literal that is not read (isolation.md §6).
    /// </summary>
    SettlesConstant = 1 << 26,

    /// <summary>
    /// May make, alter or drop what later texts name. So may everything whose doing is not seen: DO, CALL, EXECUTE, and a leading
    /// word that <see cref="StatementKind"/> does not know.
    /// </summary>
    ChangesSchema = 1 << 27,

    /// <summary>PREPARE or DEALLOCATE of a name that begins with <c>poolproxy_</c>, as the names do that servers know the proxy's statements by.</summary>
    NamesProxyStatement = 1 << 28,

    /// <summary>SAVEPOINT or RELEASE.</summary>
    Savepoints = 1 << 29,

    /// <summary>CLOSE of a cursor, or <c>pg_advisory_unlock_all</c>: state of the session may end.</summary>
    ReleasesState = 1 << 30,

    /// <summary>Unterminated, beyond the scanner's bounds, or in a spelling that it does not follow: to be treated as the worst.</summary>
    Unknown = 1u << 31,

    /// <summary>
    /// May let a session or transaction write that was to read only: SET, RESET or <c>set_config</c> of <c>transaction_read_only</c> or
    /// <c>default_transaction_read_only</c>, READ WRITE behind BEGIN, START or SET, UPDATE of <c>pg_settings</c>. Not RESET ALL and DISCARD ALL, behind which
    /// the proxy sets anew what is its own.
    /// </summary>
    LiftsReadOnly = 1UL << 32,
}
