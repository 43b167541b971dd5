using PoolProxy.Protocol.Errors;
using static PoolProxy.Core.Errors.ErrorText;

namespace PoolProxy.Core.Errors;

/// <summary>What the console answers where it does not do what it was asked. None ends the connection.</summary>
/// <remarks>Texts and codes are chosen as in <see cref="ProxyErrors"/>.</remarks>
internal static class ConsoleErrors
{
    /// <summary>42601. PgBouncer's text.</summary>
    public static ProxyError InvalidCommand(string command) => Error(SqlState.SyntaxError, $"invalid command '{Name(command)}', use SHOW HELP;");

    /// <summary>42501. The command needs console = "admin" or admin_users. PgBouncer's text.</summary>
    public static ProxyError AdminAccessNeeded { get; } = Error(SqlState.InsufficientPrivilege, "admin access needed");

    /// <summary>3D000. A console command names a database that is not declared. PgBouncer's text.</summary>
    public static ProxyError ConsoleNoSuchDatabase(string database) => Error(SqlState.InvalidCatalogName, $"no such database: {Name(database)}");

    /// <summary>42704. KILL_CLIENT names a client that is not there. PgBouncer's text.</summary>
    public static ProxyError ClientNotFound { get; } = Error(SqlState.UndefinedObject, "client not found");

    /// <summary>42704. SET or SHOW names a setting that does not exist.</summary>
    public static ProxyError UnknownSetting(string setting, string? nearest = null) =>
        Error(SqlState.UndefinedObject, $"unrecognized configuration parameter {Quoted(setting)}", hint: nearest is null ? null : $"The nearest name is {Quoted(nearest)}.");

    /// <summary>42601. REVOKE or UNREVOKE with something that is no order; <paramref name="fault"/> says what, without a full stop.</summary>
    public static ProxyError InvalidRevocation(string fault) => Error(SqlState.SyntaxError, $"invalid revocation: {fault}", hint: "SHOW HELP shows the form.");

    /// <summary>42601. A token was given where its jti, sub or sid is asked for; it is not logged.</summary>
    public static ProxyError TokenInCommand { get; } =
        Error(SqlState.SyntaxError, "that is a token, and not a claim of it", hint: "Name the token by its jti, which the audit trail records.");

    /// <summary>42704. An issuer that is not configured.</summary>
    public static ProxyError UnknownIssuer(string issuer) => Error(SqlState.UndefinedObject, $"issuer {Quoted(issuer)} is not configured", hint: "SHOW ISSUERS lists them.");

    /// <summary>53400. As many orders hold as may be kept, and none of them is forgotten for another.</summary>
    public static ProxyError TooManyRevocations(int limit) =>
        Error(SqlState.ConfigurationLimitExceeded, Text($"there are {limit} revocations already"), hint: "Revoke by subject or issuer, or raise max_entries under [revocation].");

    /// <summary>42704. UNREVOKE of what nobody has revoked.</summary>
    public static ProxyError NoSuchRevocation { get; } = Error(SqlState.UndefinedObject, "there is no such revocation", hint: "SHOW REVOCATIONS lists them.");

    /// <summary>42704. UNREVOKE of what the file revokes.</summary>
    public static ProxyError RevocationInFile { get; } =
        Error(SqlState.UndefinedObject, "this revocation stands in the revocation file", hint: "Take it out of the file.");

    /// <summary>NOTICE. How many sessions an order has ended; and where it could not be written down, that it will not outlive the process.</summary>
    public static ProxyError SessionsEnded(int count, string? unsaved = null) =>
        new(Severity.Notice, SqlState.SuccessfulCompletion, Text($"{count} {(count == 1 ? "session" : "sessions")} ended"), detail: unsaved is null ? null : $"The state file could not be written: {Name(unsaved)}.");

    /// <summary>NOTICE. What was done will be undone by a restart.</summary>
    public static ProxyError RevocationUnsaved(string fault) =>
        new(Severity.Notice, SqlState.SuccessfulCompletion, "the state file could not be written", detail: $"{Name(fault)}.");

    /// <summary>55P02. SET names a setting that only a restart changes.</summary>
    public static ProxyError SettingNeedsRestart(string setting) =>
        Error(SqlState.CantChangeRuntimeParam, $"parameter {Quoted(setting)} cannot be changed without restarting the proxy");

    /// <summary>22023. SET gives a value that the setting cannot take; <paramref name="bound"/> is a whole sentence.</summary>
    public static ProxyError InvalidSettingValue(string setting, string value, string? bound = null) =>
        Error(SqlState.InvalidParameterValue, $"invalid value for parameter {Quoted(setting)}: {Quoted(value)}", detail: bound);

    /// <summary>55000. PAUSE or SUSPEND of what already stands still. PgBouncer's text.</summary>
    public static ProxyError AlreadyPaused { get; } = Error(SqlState.ObjectNotInPrerequisiteState, "already suspended/paused");

    /// <summary>55000. SUSPEND while single databases are paused. PgBouncer's text.</summary>
    public static ProxyError CannotSuspendPaused { get; } = Error(SqlState.ObjectNotInPrerequisiteState, "cannot suspend with paused databases");

    /// <summary>57014. Somebody resumed what this SUSPEND was still waiting for.</summary>
    public static ProxyError SuspendUndone { get; } = Error(SqlState.QueryCanceled, "RESUME has ended this SUSPEND before everything stood still");

    /// <summary>55000. RESUME of what was never paused. PgBouncer's text.</summary>
    public static ProxyError NotPaused { get; } = Error(SqlState.ObjectNotInPrerequisiteState, "pooler is not paused/suspended");

    /// <summary>F0000. RELOAD found faults, and the running configuration stays. PgBouncer's text; DETAIL names the faults, a line each.</summary>
    public static ProxyError ReloadFailed(string faults) =>
        Error(SqlState.ConfigFileError, "RELOAD failed, see logs for additional details", detail: faults);

    /// <summary>0A000. What the console does not do: parameters, function calls; <paramref name="what"/> is a plural.</summary>
    public static ProxyError ConsoleCannot(string what) =>
        Error(SqlState.FeatureNotSupported, $"the console does not take {what}", hint: "Put the values into the command itself.");

    /// <summary>42601. PgBouncer's text: a command that is about a database names none.</summary>
    public static ProxyError DatabaseRequired { get; } = Error(SqlState.SyntaxError, "a database is required");

    /// <summary>22023. PAUSE, KILL and the like of the console itself. PgBouncer's text.</summary>
    public static ProxyError NotForConsole(string verb, string database) => Error(SqlState.InvalidParameterValue, $"cannot {verb} admin db: {Name(database)}");

    /// <summary>55000. RESUME of a database that is not paused. PgBouncer's text.</summary>
    public static ProxyError DatabaseNotPaused(string database) => Error(SqlState.ObjectNotInPrerequisiteState, $"database {Name(database)} is not paused");

    /// <summary>55000. RESUME while the proxy goes down. PgBouncer's text.</summary>
    public static ProxyError PoolerShuttingDown { get; } = Error(SqlState.ObjectNotInPrerequisiteState, "pooler is shutting down");

    /// <summary>57014. Somebody resumed what this PAUSE was still waiting for.</summary>
    public static ProxyError PauseUndone { get; } = Error(SqlState.QueryCanceled, "RESUME has ended this PAUSE before all servers were released");

    /// <summary>22023. KILL_CLIENT with something that is no number. PgBouncer's text.</summary>
    public static ProxyError InvalidClientId { get; } = Error(SqlState.InvalidParameterValue, "invalid client pointer supplied");

    /// <summary>42601. UNBAN of nobody.</summary>
    public static ProxyError NameToUnbanRequired { get; } = Error(SqlState.SyntaxError, "a name is required", hint: "Take it from SHOW BANS and write it in single quotes; UNBAN ALL lifts all.");

    /// <summary>42704. UNBAN of somebody who is not banned.</summary>
    public static ProxyError NotBanned(string name) => Error(SqlState.UndefinedObject, $"{Quoted(name)} is not banned");

    /// <summary>42601. PostgreSQL's text for a Parse of several commands.</summary>
    public static ProxyError SeveralCommandsPrepared { get; } = Error(SqlState.SyntaxError, "cannot insert multiple commands into a prepared statement");

    /// <summary>34000. PostgreSQL's text.</summary>
    public static ProxyError UnknownPortal(string portal) => Error(SqlState.InvalidCursorName, $"portal {Quoted(portal)} does not exist");

    /// <summary>42P03. PostgreSQL's text.</summary>
    public static ProxyError DuplicatePortal(string portal) => Error(SqlState.DuplicateCursor, $"portal {Quoted(portal)} already exists");

    /// <summary>22021. The command's text is not UTF-8, the console's only encoding.</summary>
    public static ProxyError InvalidUtf8 { get; } = Error(SqlState.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\"");

    /// <summary>NOTICE. PgBouncer's text, for a SET that drivers send as a matter of course.</summary>
    public static ProxyError SetIgnored { get; } = ProxyErrors.Notice("SET ignored");

    /// <summary>NOTICE. SHOW HELP, with the commands as DETAIL.</summary>
    public static ProxyError ConsoleUsage(string commands) => new(Severity.Notice, SqlState.SuccessfulCompletion, "Console usage", detail: commands);
}
