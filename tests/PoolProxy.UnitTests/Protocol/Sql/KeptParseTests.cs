using System.Text;
using PoolProxy.Protocol.Sql;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Sql;

/// <summary>Which texts need not be parsed anew each time, and what makes a transaction rely on nothing from before.</summary>
public sealed class KeptParseTests
{
    [Theory]
    [InlineData("select abalance from pgbench_accounts where aid = $1")]
    [InlineData("SELECT count(*) FROM t WHERE name = 'known' AND note <> 'nowhere'")]
    [InlineData("insert into t(a, b) values ($1, 'x') on conflict (a) do update set b = excluded.b returning a")]
    [InlineData("update t set a = a + $1, at = now(), day = current_date where id = $2")]
    [InlineData("delete from t where at < '2024-01-01 12:00:00'")]
    [InlineData("with x as (insert into t values ($1) returning a) select * from x")]
    [InlineData("merge into t using s on t.a = s.a when matched then delete")]
    [InlineData("values (1), (2)")]
    [InlineData("table t")]
    [InlineData("select * from t where region = $1 and register = 'a' for update")]
    [InlineData("select 1;")]
    [InlineData("select data->>'key' from t where data @> '{\"a\":1}'")]
    [InlineData("select timestamp with time zone '2024-05-06 07:08:09'")]
    public void A_plain_query_may_be_kept(string sql) => Assert.True(IsKept(sql));

    [Theory]
    [InlineData("select 'now'::timestamptz")]
    [InlineData("select ' NOW '::timestamptz")]
    [InlineData("select * from t where day = 'today'")]
    [InlineData("select * from t where day < 'Tomorrow'")]
    [InlineData("select date 'yesterday'")]
    [InlineData("select 'today 12'::timestamp")]
    [InlineData("select '{today,2024-01-01}'::date[]")]
    [InlineData("select '[today,)'::daterange")]
    [InlineData("select 'to'\n'day'::date")]
    [InlineData("select e'today'::date")]
    [InlineData("select E'tod\\141y'::date")]
    [InlineData("select u&'\\0074oday'::date")]
    [InlineData("select $$now$$::timestamptz")]
    [InlineData("select n'now'::timestamptz")]
    [InlineData("select * from t where at = '12:00'")]
    [InlineData("select '12:30 Europe/Paris'::timetz")]
    [InlineData("select '040506'::timetz")]
    [InlineData("select time with time zone '040506'")]
    public void A_literal_that_means_the_moment_is_never_kept(string sql) => Assert.False(IsKept(sql));

    [Theory]
    [InlineData("select 't'::regclass")]
    [InlineData("select 't'::\"regclass\"")]
    [InlineData("select 'f'::pg_catalog.regproc")]
    [InlineData("select regtype 'int'")]
    [InlineData("select '{a,b}'::regrole[]")]
    [InlineData("select '{a,b}'::_regnamespace")]
    [InlineData("select 'english'::regconfig")]
    [InlineData("select cast($1 as regcollation)")]
    [InlineData("select to_tsvector('english', body) from t")]
    [InlineData("select nextval('s')")]
    [InlineData("select currval('s')")]
    [InlineData("select pg_relation_size('t')")]
    [InlineData("select u&\"!0072egclass\" uescape '!' 't'")]
    public void A_name_that_is_settled_at_Parse_is_never_kept(string sql) => Assert.False(IsKept(sql));

    [Theory]
    [InlineData("")]
    [InlineData("/* nothing */")]
    [InlineData("begin")]
    [InlineData("commit")]
    [InlineData("set timezone = 'UTC'")]
    [InlineData("show timezone")]
    [InlineData("explain select 1")]
    [InlineData("fetch all from c")]
    [InlineData("declare c cursor for select 1")]
    [InlineData("create table t()")]
    [InlineData("select * into t from s")]
    [InlineData("with x as (select 1) select * into t from x")]
    [InlineData("select set_config('a.b', 'c', false)")]
    [InlineData("select 1; select 2")]
    [InlineData("select 'unterminated")]
    [InlineData("select 'a\\b'")]
    [InlineData("select * from pg_temp.t")]
    [InlineData("call p()")]
    public void Anything_else_is_never_kept(string sql) => Assert.False(IsKept(sql));

    [Theory]
    [InlineData("create table t()", true)]
    [InlineData("alter table t add x int", true)]
    [InlineData("drop table t", true)]
    [InlineData("do $$ begin end $$", true)]
    [InlineData("call p()", true)]
    [InlineData("execute s", true)]
    [InlineData("explain analyze create table t as select 1", true)]
    [InlineData("select 1 into t", true)]
    [InlineData("set search_path = a", true)]
    [InlineData("set local search_path = a", true)]
    [InlineData("discard plans", true)]
    [InlineData("deallocate all", true)]
    [InlineData("create temp table t()", true)]
    [InlineData("begin", false)]
    [InlineData("commit", false)]
    [InlineData("savepoint a", false)]
    [InlineData("insert into t values (1)", false)]
    [InlineData("merge into t using s on true when matched then delete", false)]
    [InlineData("(select 1) union (select 2)", false)]
    [InlineData("copy t from stdin", false)]
    [InlineData("show timezone", false)]
    [InlineData("listen a", false)]
    [InlineData("explain select 1", false)]
    public void What_undoes_earlier_parses_is_seen(string sql, bool undoes)
    {
        StatementTraits traits = StatementScanner.Scan(Encoding.UTF8.GetBytes(sql));
        Assert.Equal(undoes, (traits & KeptParse.Undoing) != 0);
    }

    [Fact]
    public void Where_a_text_is_cut_changes_nothing()
    {
        foreach (string sql in new[] { "select 'now'::timestamptz", "select 't'::regclass, 1", "select '12:00'", "select a from t where b = 'c'" })
        {
            byte[] text = Encoding.UTF8.GetBytes(sql);
            bool whole = IsKept(sql);
            for (int cut = 0; cut <= text.Length; cut++)
            {
                var scanner = new StatementScanner(standardConformingStrings: true);
                scanner.Feed(text.AsSpan(0, cut));
                scanner.Feed(text.AsSpan(cut));
                StatementTraits traits = scanner.Finish();
                Assert.Equal(whole, KeptParse.Allows(scanner.FirstKind, traits));
            }
        }
    }

    private static bool IsKept(string sql)
    {
        var scanner = new StatementScanner(standardConformingStrings: true);
        scanner.Feed(Encoding.UTF8.GetBytes(sql));
        StatementTraits traits = scanner.Finish();
        return KeptParse.Allows(scanner.FirstKind, traits);
    }
}
