namespace PoolProxy.Protocol.Errors;

/// <summary>
/// The SQLSTATEs that the proxy raises or reacts to, named as in PostgreSQL and grouped by class.
/// Source: errcodes-appendix.html.
/// </summary>
public static class SqlState
{
    // Class 00: Successful Completion

    /// <summary>successful_completion.</summary>
    public const string SuccessfulCompletion = "00000";

    // Class 01: Warning

    /// <summary>warning.</summary>
    public const string Warning = "01000";

    // Class 02: No Data (this is also a warning class per the SQL standard)

    /// <summary>no_data.</summary>
    public const string NoData = "02000";

    // Class 08: Connection Exception

    /// <summary>connection_exception.</summary>
    public const string ConnectionException = "08000";

    /// <summary>connection_does_not_exist.</summary>
    public const string ConnectionDoesNotExist = "08003";

    /// <summary>connection_failure.</summary>
    public const string ConnectionFailure = "08006";

    /// <summary>sqlclient_unable_to_establish_sqlconnection.</summary>
    public const string SqlClientUnableToEstablishSqlConnection = "08001";

    /// <summary>sqlserver_rejected_establishment_of_sqlconnection.</summary>
    public const string SqlServerRejectedEstablishmentOfSqlConnection = "08004";

    /// <summary>transaction_resolution_unknown.</summary>
    public const string TransactionResolutionUnknown = "08007";

    /// <summary>protocol_violation.</summary>
    public const string ProtocolViolation = "08P01";

    // Class 0A: Feature Not Supported

    /// <summary>feature_not_supported.</summary>
    public const string FeatureNotSupported = "0A000";

    // Class 22: Data Exception

    /// <summary>data_exception.</summary>
    public const string DataException = "22000";

    /// <summary>character_not_in_repertoire.</summary>
    public const string CharacterNotInRepertoire = "22021";

    /// <summary>invalid_parameter_value.</summary>
    public const string InvalidParameterValue = "22023";

    /// <summary>string_data_right_truncation.</summary>
    public const string StringDataRightTruncation = "22001";

    /// <summary>invalid_text_representation.</summary>
    public const string InvalidTextRepresentation = "22P02";

    // Class 23: Integrity Constraint Violation

    /// <summary>unique_violation.</summary>
    public const string UniqueViolation = "23505";

    // Class 24: Invalid Cursor State

    /// <summary>invalid_cursor_state.</summary>
    public const string InvalidCursorState = "24000";

    // Class 25: Invalid Transaction State

    /// <summary>invalid_transaction_state.</summary>
    public const string InvalidTransactionState = "25000";

    /// <summary>active_sql_transaction.</summary>
    public const string ActiveSqlTransaction = "25001";

    /// <summary>branch_transaction_already_active.</summary>
    public const string BranchTransactionAlreadyActive = "25002";

    /// <summary>held_cursor_requires_same_isolation_level.</summary>
    public const string HeldCursorRequiresSameIsolationLevel = "25008";

    /// <summary>inappropriate_access_mode_for_branch_transaction.</summary>
    public const string InappropriateAccessModeForBranchTransaction = "25003";

    /// <summary>inappropriate_isolation_level_for_branch_transaction.</summary>
    public const string InappropriateIsolationLevelForBranchTransaction = "25004";

    /// <summary>no_active_sql_transaction_for_branch_transaction.</summary>
    public const string NoActiveSqlTransactionForBranchTransaction = "25005";

    /// <summary>read_only_sql_transaction.</summary>
    public const string ReadOnlySqlTransaction = "25006";

    /// <summary>schema_and_data_statement_mixing_not_supported.</summary>
    public const string SchemaAndDataStatementMixingNotSupported = "25007";

    /// <summary>no_active_sql_transaction.</summary>
    public const string NoActiveSqlTransaction = "25P01";

    /// <summary>in_failed_sql_transaction.</summary>
    public const string InFailedSqlTransaction = "25P02";

    /// <summary>idle_in_transaction_session_timeout.</summary>
    public const string IdleInTransactionSessionTimeout = "25P03";

    /// <summary>transaction_timeout (PostgreSQL 17).</summary>
    public const string TransactionTimeout = "25P04";

    // Class 26: Invalid SQL Statement Name

    /// <summary>invalid_sql_statement_name.</summary>
    public const string InvalidSqlStatementName = "26000";

    // Class 28: Invalid Authorization Specification

    /// <summary>invalid_authorization_specification.</summary>
    public const string InvalidAuthorizationSpecification = "28000";

    /// <summary>invalid_password.</summary>
    public const string InvalidPassword = "28P01";

    // Class 34: Invalid Cursor Name

    /// <summary>invalid_cursor_name.</summary>
    public const string InvalidCursorName = "34000";

    // Class 3B: Savepoint Exception

    /// <summary>savepoint_exception.</summary>
    public const string SavepointException = "3B000";

    /// <summary>invalid_savepoint_specification.</summary>
    public const string InvalidSavepointSpecification = "3B001";

    // Class 3D: Invalid Catalog Name

    /// <summary>invalid_catalog_name.</summary>
    public const string InvalidCatalogName = "3D000";

    // Class 3F: Invalid Schema Name

    /// <summary>invalid_schema_name.</summary>
    public const string InvalidSchemaName = "3F000";

    // Class 40: Transaction Rollback

    /// <summary>transaction_rollback.</summary>
    public const string TransactionRollback = "40000";

    /// <summary>transaction_integrity_constraint_violation.</summary>
    public const string TransactionIntegrityConstraintViolation = "40002";

    /// <summary>serialization_failure.</summary>
    public const string SerializationFailure = "40001";

    /// <summary>statement_completion_unknown.</summary>
    public const string StatementCompletionUnknown = "40003";

    /// <summary>deadlock_detected.</summary>
    public const string DeadlockDetected = "40P01";

    // Class 42: Syntax Error or Access Rule Violation

    /// <summary>syntax_error.</summary>
    public const string SyntaxError = "42601";

    /// <summary>insufficient_privilege.</summary>
    public const string InsufficientPrivilege = "42501";

    /// <summary>invalid_name.</summary>
    public const string InvalidName = "42602";

    /// <summary>name_too_long.</summary>
    public const string NameTooLong = "42622";

    /// <summary>reserved_name.</summary>
    public const string ReservedName = "42939";

    /// <summary>indeterminate_datatype.</summary>
    public const string IndeterminateDatatype = "42P18";

    /// <summary>undefined_function.</summary>
    public const string UndefinedFunction = "42883";

    /// <summary>undefined_table.</summary>
    public const string UndefinedTable = "42P01";

    /// <summary>undefined_parameter.</summary>
    public const string UndefinedParameter = "42P02";

    /// <summary>undefined_object.</summary>
    public const string UndefinedObject = "42704";

    /// <summary>duplicate_cursor.</summary>
    public const string DuplicateCursor = "42P03";

    /// <summary>duplicate_prepared_statement.</summary>
    public const string DuplicatePreparedStatement = "42P05";

    /// <summary>duplicate_object.</summary>
    public const string DuplicateObject = "42710";

    // Class 53: Insufficient Resources

    /// <summary>insufficient_resources.</summary>
    public const string InsufficientResources = "53000";

    /// <summary>disk_full.</summary>
    public const string DiskFull = "53100";

    /// <summary>out_of_memory.</summary>
    public const string OutOfMemory = "53200";

    /// <summary>too_many_connections.</summary>
    public const string TooManyConnections = "53300";

    /// <summary>configuration_limit_exceeded.</summary>
    public const string ConfigurationLimitExceeded = "53400";

    // Class 54: Program Limit Exceeded

    /// <summary>program_limit_exceeded.</summary>
    public const string ProgramLimitExceeded = "54000";

    /// <summary>statement_too_complex.</summary>
    public const string StatementTooComplex = "54001";

    /// <summary>too_many_columns.</summary>
    public const string TooManyColumns = "54011";

    /// <summary>too_many_arguments.</summary>
    public const string TooManyArguments = "54023";

    // Class 55: Object Not In Prerequisite State

    /// <summary>object_not_in_prerequisite_state.</summary>
    public const string ObjectNotInPrerequisiteState = "55000";

    /// <summary>object_in_use.</summary>
    public const string ObjectInUse = "55006";

    /// <summary>cant_change_runtime_param.</summary>
    public const string CantChangeRuntimeParam = "55P02";

    /// <summary>lock_not_available.</summary>
    public const string LockNotAvailable = "55P03";

    /// <summary>unsafe_new_enum_value_usage.</summary>
    public const string UnsafeNewEnumValueUsage = "55P04";

    // Class 57: Operator Intervention

    /// <summary>operator_intervention.</summary>
    public const string OperatorIntervention = "57000";

    /// <summary>query_canceled.</summary>
    public const string QueryCanceled = "57014";

    /// <summary>admin_shutdown.</summary>
    public const string AdminShutdown = "57P01";

    /// <summary>crash_shutdown.</summary>
    public const string CrashShutdown = "57P02";

    /// <summary>cannot_connect_now.</summary>
    public const string CannotConnectNow = "57P03";

    /// <summary>database_dropped.</summary>
    public const string DatabaseDropped = "57P04";

    /// <summary>idle_session_timeout.</summary>
    public const string IdleSessionTimeout = "57P05";

    // Class 58: System Error (errors external to PostgreSQL itself)

    /// <summary>system_error.</summary>
    public const string SystemError = "58000";

    /// <summary>io_error.</summary>
    public const string IoError = "58030";

    /// <summary>undefined_file.</summary>
    public const string UndefinedFile = "58P01";

    /// <summary>duplicate_file.</summary>
    public const string DuplicateFile = "58P02";

    // Class F0: Configuration File Error

    /// <summary>config_file_error.</summary>
    public const string ConfigFileError = "F0000";

    /// <summary>lock_file_exists.</summary>
    public const string LockFileExists = "F0001";

    // Class P0: PL/pgSQL Error

    /// <summary>raise_exception.</summary>
    public const string RaiseException = "P0001";

    // Class XX: Internal Error

    /// <summary>internal_error.</summary>
    public const string InternalError = "XX000";

    /// <summary>data_corrupted.</summary>
    public const string DataCorrupted = "XX001";

    /// <summary>index_corrupted.</summary>
    public const string IndexCorrupted = "XX002";
}
