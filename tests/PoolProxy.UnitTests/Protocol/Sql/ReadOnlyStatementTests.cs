using System.Text;
using PoolProxy.Protocol.Sql;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Sql;

public sealed class ReadOnlyStatementTests
{
    [Theory]
    [InlineData("select 1")]
    [InlineData("  /* x */ SELECT * from t where a = 'insert'")]
    [InlineData("values (1)")]
    [InlineData("table t")]
    [InlineData("show search_path")]
    [InlineData("with a as (select 'delete') select * from a")]
    [InlineData("fetch 10 from c")]
    [InlineData("declare c cursor for select 1")]
    public void Shown_to_read(string text) => Assert.True(Shows(text));

    [Theory]
    [InlineData("insert into t values (1)")]
    [InlineData("select 1; delete from t")]
    [InlineData("select * into u from t")]
    [InlineData("select * from t for update")]
    [InlineData("with a as (delete from t returning *) select * from a")]
    [InlineData("with a as (MERGE into t using u on true when matched then delete returning 1) select 1")]
    [InlineData("select nextval('s')")]
    [InlineData("select set_config('a.b', 'c', false)")]
    [InlineData("explain analyze delete from t")]
    [InlineData("create table u as select 1")]
    [InlineData("execute x")]
    [InlineData("copy t to stdout")]
    [InlineData("begin")]
    [InlineData("commit")]
    [InlineData("do $$ begin end $$")]
    [InlineData("call p()")]
    [InlineData("(select 1)")]
    [InlineData("select 'open")]
    [InlineData("")]
    public void Anything_else_counts_as_writing(string text) => Assert.False(Shows(text));

    private static bool Shows(string text) => ReadOnlyStatement.Shows(Encoding.UTF8.GetBytes(text), standardConformingStrings: true);
}
