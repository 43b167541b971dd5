using System.Text;
using PoolProxy.Protocol.Sql;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Sql;

/// <summary>What a text leaves behind in its session, in order.</summary>
public sealed class SessionStepsTests
{
    [Theory]
    [InlineData("set a = 1", "Set a=1")]
    [InlineData("SET SESSION a.B TO 'x', y, \"Z\"", "Set a.b=x, y, Z")]
    [InlineData("set search_path = a, \"B c\", 'd'", "Set search_path=\"a\", \"B c\", \"d\"")]
    [InlineData("set schema 'x'", "Set search_path=\"x\"")]
    [InlineData("set a = 'it''s'", "Set a=it's")]
    [InlineData("set a = 0010", "Set a=10")]
    [InlineData("set a = -.5e-3 -- why", "Set a=-.5e-3")]
    [InlineData("set a = 1_000", "Set a")]
    [InlineData("set a = 0x1f", "Set a")]
    [InlineData("set a = E'x'", "Set a")]
    [InlineData("set a = $$x$$", "Set a")]
    [InlineData("set a = 'x'\n'y'", "Set a")]
    [InlineData("set a = U&'x'", "Set a")]
    [InlineData("set a to default", "Reset a")]
    [InlineData("set a = 'default'", "Set a=default")]
    [InlineData("set session = 1", "Set session=1")]
    [InlineData("set local a = 1", "None")]
    [InlineData("set local.a = 1", "Set local.a=1")]
    [InlineData("set time zone 'UTC'", "Set timezone")]
    [InlineData("set session characteristics as transaction read only", "Set default_transaction_isolation")]
    [InlineData("set transaction read only", "None")]
    [InlineData("set role x", "None")]
    [InlineData("set session authorization x", "None")]
    [InlineData("set constraints all deferred", "")]
    [InlineData("reset a.b", "Reset a.b")]
    [InlineData("reset all; discard all", "ResetAll; DiscardAll")]
    [InlineData("discard temporary; discard plans", "DiscardTemporary")]
    [InlineData("create temp table t (i int)", "MakeTemporary t")]
    [InlineData("create global temporary table if not exists \"T\" as select 1", "MakeTemporary T")]
    [InlineData("create temp table t (i int) on commit drop", "")]
    [InlineData("create temp table t (i int) on commit delete rows", "MakeTemporary t")]
    [InlineData("create table pg_temp.t (i int)", "MakeTemporary")]
    [InlineData("create or replace temp view v as select 1", "MakeTemporary v")]
    [InlineData("select 1 into temp t", "MakeTemporary")]
    [InlineData("create table t (temp int)", "")]
    [InlineData("drop table if exists a, pg_temp.b cascade", "Drop a; Drop b")]
    [InlineData("drop table public.a", "")]
    [InlineData("declare c cursor with hold for select ';'", "HoldCursor c")]
    [InlineData("declare c cursor without hold for select 1", "")]
    [InlineData("close c; close all", "CloseCursor c; CloseAll all")]
    [InlineData("listen \"A\"; unlisten \"A\"; unlisten *", "Listen A; Unlisten A; UnlistenAll")]
    [InlineData("/* x */ LISTEN Folded -- y", "Listen folded")]
    [InlineData("listen U&\"d\\0061t\"; listen 'x'; listen", "ListenUnread; Listen; Listen")]
    [InlineData("listen \"a\"\"b\"; unlisten nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnXYZ", "Listen a\"b; Unlisten nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn")]
    [InlineData("select pg_advisory_lock(1), pg_advisory_unlock_all()", "Lock; UnlockAll")]
    [InlineData("select pg_advisory_xact_lock(1)", "")]
    [InlineData("prepare p as select 1; deallocate prepare p; deallocate all", "Prepare p; Deallocate p; DeallocateAll")]
    [InlineData("prepare transaction 'x'; commit prepared 'x'", "Commit")]
    [InlineData("begin; savepoint a; rollback work to savepoint a; release a; end", "Savepoint a; RollbackTo a; Release a; Commit")]
    [InlineData("rollback; rollback prepared 'x'", "Rollback")]
    [InlineData("select '; set a = 1;', $$; set b = 1$$ /* ; set c = 1 */", "")]
    [InlineData("create rule r as on insert to t do (select 1; listen x)", "")]
    public void A_text_leaves_these_steps(string sql, string steps)
    {
        var found = new List<SessionStep>();
        Assert.True(SessionSteps.Read(Encoding.UTF8.GetBytes(sql), true, found));
        Assert.Equal(steps, string.Join("; ", found.Select(Describe)));
    }

    [Theory]
    [InlineData("create function f() returns int language sql begin atomic select 1; end; set a = 1")]
    [InlineData("set a = 'unterminated")]
    public void Where_a_text_is_not_followed_to_its_end_it_says_so(string sql) =>
        Assert.False(SessionSteps.Read(Encoding.UTF8.GetBytes(sql), true, []));

    [Fact]
    public void A_backslash_is_not_read_where_it_may_be_an_escape()
    {
        var found = new List<SessionStep>();
        SessionSteps.Read("set a = 'x\\y'"u8, true, found);
        SessionSteps.Read("set a = 'x\\y'"u8, false, found);
        Assert.Equal(["Set a=x\\y", "Set a"], found.Select(Describe));
    }

    private static string Describe(SessionStep step) =>
        $"{step.Kind}{(step.Name.Length > 0 ? $" {step.Name}" : "")}{(step.Value is { } value ? $"={Encoding.UTF8.GetString(value)}" : "")}";
}
