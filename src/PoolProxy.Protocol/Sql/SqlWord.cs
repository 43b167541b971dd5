namespace PoolProxy.Protocol.Sql;

/// <summary>Words inside a statement that the classifier asks for; those that lead one are <see cref="StatementKind"/>s.</summary>
internal enum SqlWord : byte
{
    /// <summary>Any other word.</summary>
    Other,

    /// <summary>ALL.</summary>
    All,

    /// <summary>AND.</summary>
    And,

    /// <summary>AS.</summary>
    As,

    /// <summary>ATOMIC.</summary>
    Atomic,

    /// <summary>AUTHORIZATION.</summary>
    Authorization,

    /// <summary>BEGIN.</summary>
    Begin,

    /// <summary>CHAIN.</summary>
    Chain,

    /// <summary>CHARACTERISTICS.</summary>
    Characteristics,

    /// <summary>CONSTRAINTS.</summary>
    Constraints,

    /// <summary>CREATE.</summary>
    Create,

    /// <summary>END.</summary>
    End,

    /// <summary>EXECUTE.</summary>
    Execute,

    /// <summary>FOR.</summary>
    For,

    /// <summary>FUNCTION or PROCEDURE.</summary>
    Routine,

    /// <summary>HOLD.</summary>
    Hold,

    /// <summary>INSERT or MERGE, behind which INTO names no new table.</summary>
    Insert,

    /// <summary>INTO.</summary>
    Into,

    /// <summary>KEY.</summary>
    Key,

    /// <summary>LOCAL or GLOBAL.</summary>
    Local,

    /// <summary>NO.</summary>
    No,

    /// <summary>OR.</summary>
    Or,

    /// <summary>pg_settings.</summary>
    PgSettings,

    /// <summary>PREPARE.</summary>
    Prepare,

    /// <summary>PREPARED.</summary>
    Prepared,

    /// <summary>REPLACE.</summary>
    Replace,

    /// <summary>SESSION.</summary>
    Session,

    /// <summary>set_config.</summary>
    SetConfig,

    /// <summary>SHARE.</summary>
    Share,

    /// <summary>TEMP or TEMPORARY.</summary>
    Temporary,

    /// <summary>TIME.</summary>
    Time,

    /// <summary>TO.</summary>
    To,

    /// <summary>TRANSACTION.</summary>
    Transaction,

    /// <summary>UPDATE.</summary>
    Update,

    /// <summary>WITH.</summary>
    With,
}
