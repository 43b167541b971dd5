using System.Text;
using PoolProxy.Protocol.Sql;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Sql;

/// <summary>Which texts may stand right before and behind another client's (isolation.md §9).</summary>
public sealed class IndependentStatementTests
{
    [Theory]
    [InlineData("select 1")]
    [InlineData("select 1;")]
    [InlineData("SELECT abalance FROM pgbench_accounts WHERE aid = $1")]
    [InlineData("select 'begin; commit' -- set role x")]
    [InlineData("select nextval('s')")]
    [InlineData("select 'a\\b'")]
    [InlineData("select * from t where day = 'today'")]
    [InlineData("insert into t values ($1) on conflict do nothing returning a")]
    [InlineData("update t set a = 1 where b = 2")]
    [InlineData("delete from t where a = 1")]
    [InlineData("values (1), (2)")]
    [InlineData("with x as (insert into t values (1) returning a) select * from x")]
    public void One_statement_that_leaves_nothing(string sql) => Assert.True(Allows(sql));

    [Theory]
    [InlineData("")]
    [InlineData("select 1; select 2")]
    [InlineData("select 1; begin")]
    [InlineData("begin")]
    [InlineData("start transaction")]
    [InlineData("commit")]
    [InlineData("rollback")]
    [InlineData("set a.b = 'c'")]
    [InlineData("reset all")]
    [InlineData("discard all")]
    [InlineData("select set_config('a.b', 'c', false)")]
    [InlineData("select pg_catalog.set_config('role', 'x', true)")]
    [InlineData("update pg_settings set setting = 'x' where name = 'role'")]
    [InlineData("select pg_advisory_lock(1)")]
    [InlineData("select pg_try_advisory_lock_shared(1, 2)")]
    [InlineData("select * from t for update")]
    [InlineData("select * from t for no key update skip locked")]
    [InlineData("select * from t for share")]
    [InlineData("select * from t for key share")]
    [InlineData("select 1 into x")]
    [InlineData("select 1 into temp x")]
    [InlineData("create temp table x(y int)")]
    [InlineData("listen x")]
    [InlineData("notify x")]
    [InlineData("copy t from stdin")]
    [InlineData("copy (select 1) to stdout")]
    [InlineData("prepare p as select 1")]
    [InlineData("execute p")]
    [InlineData("deallocate p")]
    [InlineData("declare c cursor with hold for select 1")]
    [InlineData("fetch c")]
    [InlineData("do $$ begin perform 1; end $$")]
    [InlineData("call p()")]
    [InlineData("lock t")]
    [InlineData("merge into t using s on t.a = s.a when matched then delete")]
    [InlineData("table t")]
    [InlineData("(select 1)")]
    [InlineData("explain analyze select 1")]
    [InlineData("vacuum")]
    [InlineData("show all")]
    [InlineData("load 'x'")]
    [InlineData("select 'unterminated")]
    [InlineData("select U&\"\\0073et_config\"('a.b', 'c', false)")]
    public void Everything_else_stays_alone(string sql) => Assert.False(Allows(sql));

    private static bool Allows(string sql)
    {
        var scanner = new StatementScanner(standardConformingStrings: true);
        scanner.Feed(Encoding.UTF8.GetBytes(sql));
        StatementTraits traits = scanner.Finish();
        return IndependentStatement.Allows(scanner.FirstKind, traits);
    }
}
