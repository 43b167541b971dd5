namespace PoolProxy.IntegrationTests.Transcripts;

/// <summary>Every kind of conversation that the relay passes on. Each leaves the session as it was, so that it can be played again and again.</summary>
internal static class Conversations
{
    public static IReadOnlyList<Conversation> All { get; } =
    [
        new("a simple query", """
            > Query "select 1 as one, null as none"
            < RowDescription (("one" 0 0 23 4 -1 0) ("none" 0 0 25 -1 -1 0))
            < DataRow ("1" null)
            < CommandComplete "SELECT 1"
            < ReadyForQuery I
            """),
        new("several statements in one query", """
            > Query "select 1 as a; select 'two' as b; select 3 as c where false"
            < RowDescription (("a" 0 0 23 4 -1 0))
            < DataRow ("1")
            < CommandComplete "SELECT 1"
            < RowDescription (("b" 0 0 25 -1 -1 0))
            < DataRow ("two")
            < CommandComplete "SELECT 1"
            < RowDescription (("c" 0 0 23 4 -1 0))
            < CommandComplete "SELECT 0"
            < ReadyForQuery I
            """),
        new("an empty query", """
            > Query ""
            < EmptyQueryResponse
            < ReadyForQuery I
            """),
        new("queries without waiting", """
            > Query "select 1 as a"
            > Query ""
            > Query "select 2 as a"
            < RowDescription (("a" 0 0 23 4 -1 0))
            < DataRow ("1")
            < CommandComplete "SELECT 1"
            < ReadyForQuery I
            < EmptyQueryResponse
            < ReadyForQuery I
            < RowDescription (("a" 0 0 23 4 -1 0))
            < DataRow ("2")
            < CommandComplete "SELECT 1"
            < ReadyForQuery I
            """),
        new("an error and a transaction", """
            > Query "begin"
            < CommandComplete "BEGIN"
            < ReadyForQuery T
            > Query "select 1/0"
            < ErrorResponse S="ERROR" C="22012" M="division by zero" …
            < ReadyForQuery E
            > Query "rollback"
            < CommandComplete "ROLLBACK"
            < ReadyForQuery I
            """),
        new("a notice in between", """
            > Query "do $$ begin raise notice 'hello'; end $$"
            < NoticeResponse S="NOTICE" C="00000" M="hello" …
            < CommandComplete "DO"
            < ReadyForQuery I
            """),
        new("a parameter", """
            > Query "set datestyle to 'German'"
            < CommandComplete "SET"
            < ParameterStatus "DateStyle" "German, DMY"
            < ReadyForQuery I
            > Query "set datestyle to 'ISO, MDY'"
            < CommandComplete "SET"
            < ParameterStatus "DateStyle" "ISO, MDY"
            < ReadyForQuery I
            """),
        new("an unnamed statement", """
            > Parse "" "select $1::int4 as n" ()
            > Bind "" "" () ("42") ()
            > Describe P ""
            > Execute "" 0
            > Sync
            < ParseComplete
            < BindComplete
            < RowDescription (("n" 0 0 23 4 -1 0))
            < DataRow ("42")
            < CommandComplete "SELECT 1"
            < ReadyForQuery I
            """),
        new("binary values", """
            > Parse "" "select $1 as n, $2 as m" (23 23)
            > Bind "" "" (1) ("\x00\x00\x00\x2a" null) (1 0)
            > Execute "" 0
            > Sync
            < ParseComplete
            < BindComplete
            < DataRow ("\x00\x00\x00\x2a" null)
            < CommandComplete "SELECT 1"
            < ReadyForQuery I
            """),
        new("a described statement, in the manner of asyncpg", """
            > Parse "" "select $1::int4 as n" ()
            > Describe S ""
            > Flush
            < ParseComplete
            < ParameterDescription (23)
            < RowDescription (("n" 0 0 23 4 -1 0))
            > Bind "" "" () ("7") ()
            > Execute "" 0
            > Sync
            < BindComplete
            < DataRow ("7")
            < CommandComplete "SELECT 1"
            < ReadyForQuery I
            """),
        new("a statement without a result", """
            > Parse "" "do 'begin end'" ()
            > Describe S ""
            > Bind "" "" () () ()
            > Describe P ""
            > Execute "" 0
            > Sync
            < ParseComplete
            < ParameterDescription ()
            < NoData
            < BindComplete
            < NoData
            < CommandComplete "DO"
            < ReadyForQuery I
            """),
        new("an empty statement", """
            > Parse "" "" ()
            > Bind "" "" () () ()
            > Execute "" 0
            > Sync
            < ParseComplete
            < BindComplete
            < EmptyQueryResponse
            < ReadyForQuery I
            """),
        new("a named statement", """
            > Parse "s1" "select $1::int4 as n" ()
            > Describe S "s1"
            > Sync
            < ParseComplete
            < ParameterDescription (23)
            < RowDescription (("n" 0 0 23 4 -1 0))
            < ReadyForQuery I
            > Bind "" "s1" () ("1") ()
            > Execute "" 0
            > Bind "" "s1" () ("2") ()
            > Execute "" 0
            > Close S "s1"
            > Sync
            < BindComplete
            < DataRow ("1")
            < CommandComplete "SELECT 1"
            < BindComplete
            < DataRow ("2")
            < CommandComplete "SELECT 1"
            < CloseComplete
            < ReadyForQuery I
            """, """
            > Parse "select $1::int4 as n" …
            > Describe S …
            > Sync
            < ParseComplete
            < ParameterDescription (23)
            < RowDescription (("n" 0 0 23 4 -1 0))
            < ReadyForQuery I
            > Bind "" ("1") …
            > Execute "" 0
            > Bind "" ("2") …
            > Execute "" 0
            > Sync
            < BindComplete
            < DataRow ("1")
            < CommandComplete "SELECT 1"
            < BindComplete
            < DataRow ("2")
            < CommandComplete "SELECT 1"
            < ReadyForQuery I
            """, """
            > Describe S …
            > Sync
            < ParameterDescription (23)
            < RowDescription (("n" 0 0 23 4 -1 0))
            < ReadyForQuery I
            > Bind "" ("1") …
            > Execute "" 0
            > Bind "" ("2") …
            > Execute "" 0
            > Sync
            < BindComplete
            < DataRow ("1")
            < CommandComplete "SELECT 1"
            < BindComplete
            < DataRow ("2")
            < CommandComplete "SELECT 1"
            < ReadyForQuery I
            """),
        new("a statement that nobody has prepared", """
            > Bind "" "nobody" () () ()
            > Execute "" 0
            > Sync
            < ErrorResponse S="ERROR" V="ERROR" C="26000" M="prepared statement \"nobody\" does not exist"
            < ReadyForQuery I
            """, """
            > Parse "poolproxy_refused" "refused_by_poolproxy" ()
            > Execute "" 0
            > Sync
            < ErrorResponse S="ERROR" C="42601" M="syntax error"
            < ReadyForQuery I
            """),
        new("a pipeline that goes on behind an error", """
            > Parse "" "select 1 as n" ()
            > Bind "" "" () () ()
            > Execute "" 0
            > Parse "" "selec" ()
            > Bind "" "" () () ()
            > Execute "" 0
            > Close P ""
            > Sync
            > Parse "" "select 3 as n" ()
            > Bind "" "" () () ()
            > Execute "" 0
            > Sync
            < ParseComplete
            < BindComplete
            < DataRow ("1")
            < CommandComplete "SELECT 1"
            < ErrorResponse S="ERROR" C="42601" M="syntax error at or near \"selec\"" …
            < ReadyForQuery I
            < ParseComplete
            < BindComplete
            < DataRow ("3")
            < CommandComplete "SELECT 1"
            < ReadyForQuery I
            """),
        new("a portal read in parts", """
            > Parse "" "select generate_series(1, 3) as n" ()
            > Bind "p" "" () () ()
            > Execute "p" 2
            > Execute "p" 2
            > Close P "p"
            > Close S ""
            > Sync
            < ParseComplete
            < BindComplete
            < DataRow ("1")
            < DataRow ("2")
            < PortalSuspended
            < DataRow ("3")
            < CommandComplete "SELECT 1"
            < CloseComplete
            < CloseComplete
            < ReadyForQuery I
            """),
        new("a function call", """
            > FunctionCall 177 () ("20" "22") 0
            < FunctionCallResponse "42"
            < ReadyForQuery I
            """),
        new("COPY in", """
            > Query "copy copied from stdin"
            < CopyInResponse 0 (0)
            > CopyData "1\n2\n"
            > CopyData "3\n"
            > CopyDone
            < CommandComplete "COPY 3"
            < ReadyForQuery I
            """),
        new("COPY in that the client gives up", """
            > Query "copy copied from stdin"
            < CopyInResponse 0 (0)
            > CopyData "1\n"
            > CopyFail "no more"
            < ErrorResponse S="ERROR" C="57014" M="COPY from stdin failed: no more" …
            < ReadyForQuery I
            """),
        new("COPY in that the server refuses while the client goes on", """
            > Query "copy copied from stdin"
            < CopyInResponse 0 (0)
            > CopyData "one\n"
            > CopyData "2\n"
            > CopyDone
            < ErrorResponse S="ERROR" C="22P02" M="invalid input syntax for type integer: \"one\"" …
            < ReadyForQuery I
            """),
        new("COPY out", """
            > Query "copy (select generate_series(1, 3)) to stdout"
            < CopyOutResponse 0 (0)
            < CopyData "1\n"
            < CopyData "2\n"
            < CopyData "3\n"
            < CopyDone
            < CommandComplete "COPY 3"
            < ReadyForQuery I
            """),
        new("COPY in by the extended protocol", """
            > Parse "" "copy copied from stdin" ()
            > Bind "" "" () () ()
            > Execute "" 0
            > Flush
            < ParseComplete
            < BindComplete
            < CopyInResponse 0 (0)
            > CopyData "1\n"
            > CopyDone
            > Sync
            < CommandComplete "COPY 1"
            < ReadyForQuery I
            """),
        new("COPY in by the extended protocol with an early Sync", """
            > Parse "" "copy copied from stdin" ()
            > Bind "" "" () () ()
            > Execute "" 0
            > Sync
            < ParseComplete
            < BindComplete
            < CopyInResponse 0 (0)
            > CopyData "1\n"
            > CopyDone
            > Sync
            < CommandComplete "COPY 1"
            < ReadyForQuery I
            """),
        new("COPY in by the extended protocol that the client gives up", """
            > Parse "" "copy copied from stdin" ()
            > Bind "" "" () () ()
            > Execute "" 0
            > Flush
            < ParseComplete
            < BindComplete
            < CopyInResponse 0 (0)
            > CopyFail "no more"
            > Sync
            < ErrorResponse S="ERROR" C="57014" M="COPY from stdin failed: no more" …
            < ReadyForQuery I
            """),
        new("COPY out by the extended protocol", """
            > Parse "" "copy (select 1) to stdout" ()
            > Bind "" "" () () ()
            > Describe P ""
            > Execute "" 0
            > Sync
            < ParseComplete
            < BindComplete
            < NoData
            < CopyOutResponse 0 (0)
            < CopyData "1\n"
            < CopyDone
            < CommandComplete "COPY 1"
            < ReadyForQuery I
            """),
        new("a Sync alone, which no server sees", """
            > Sync
            < ReadyForQuery I
            """, ""),
    ];
}
