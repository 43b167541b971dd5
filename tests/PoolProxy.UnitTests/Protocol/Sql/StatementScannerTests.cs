using System.Text;
using PoolProxy.Protocol.Sql;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Sql;

/// <summary>What a statement may do to a session, read off its text; and that it does not matter where the text is cut.</summary>
public class StatementScannerTests
{
    public static TheoryData<string, StatementTraits> Statements => new()
    {
        { "select 1", StatementTraits.None },
        { "SET timezone = 'UTC'", StatementTraits.SetsParameter },
        { "  /* why /* nested */ */ -- line\n set work_mem to '1MB'", StatementTraits.SetsParameter },
        { "begin; set local work_mem = 1; commit", StatementTraits.SetsParameter | StatementTraits.Multiple | StatementTraits.BeginsTransaction | StatementTraits.EndsTransaction },
        { "begin read write", StatementTraits.BeginsTransaction | StatementTraits.LiftsReadOnly },
        { "START TRANSACTION isolation level serializable, READ WRITE", StatementTraits.BeginsTransaction | StatementTraits.LiftsReadOnly },
        { "begin read only", StatementTraits.BeginsTransaction },
        { "set transaction read /* or */ write", StatementTraits.SetsParameter | StatementTraits.LiftsReadOnly },
        { "set session characteristics as transaction read write", StatementTraits.SetsParameter | StatementTraits.LiftsReadOnly },
        { "set transaction read only", StatementTraits.SetsParameter },
        { "set default_transaction_read_only = off", StatementTraits.SetsParameter | StatementTraits.LiftsReadOnly },
        { "set local \"transaction_read_only\" = off", StatementTraits.SetsParameter | StatementTraits.LiftsReadOnly },
        { "reset transaction_read_only", StatementTraits.SetsParameter | StatementTraits.LiftsReadOnly },
        { "select set_config('Default_Transaction_Read_Only', 'off', false)", StatementTraits.SetsParameter | StatementTraits.LiftsReadOnly },
        { "select read write from t", StatementTraits.None },
        { "set role bob", StatementTraits.SetsParameter | StatementTraits.ChangesRole },
        { "SET SESSION ROLE \"bob\"", StatementTraits.SetsParameter | StatementTraits.ChangesRole },
        { "set local role none", StatementTraits.SetsParameter | StatementTraits.ChangesRole },
        { "reset role", StatementTraits.SetsParameter | StatementTraits.ChangesRole },
        { "set session authorization default", StatementTraits.SetsParameter | StatementTraits.ChangesRole },
        { "reset session authorization", StatementTraits.SetsParameter | StatementTraits.ChangesRole },
        { "select set_config('role', 'bob', false)", StatementTraits.SetsParameter | StatementTraits.ChangesRole },
        { "select pg_catalog.set_config ( E'ro\\154e', 'bob', false)", StatementTraits.SetsParameter | StatementTraits.ChangesRole | StatementTraits.LiftsReadOnly },
        { "select set_config('ro' || 'le', 'bob', false)", StatementTraits.SetsParameter | StatementTraits.ChangesRole | StatementTraits.LiftsReadOnly },
        { "update pg_settings set setting = 'x' where name = 'role'", StatementTraits.SetsParameter | StatementTraits.ChangesRole | StatementTraits.LiftsReadOnly },
        { "reset all", StatementTraits.SetsParameter | StatementTraits.ResetAll },
        { "discard all", StatementTraits.SetsParameter | StatementTraits.DiscardAll },
        { "deallocate all", StatementTraits.DeallocateAll },
        { "DEALLOCATE PREPARE \"s\"\"1\"", StatementTraits.Deallocate },
        { "select 'set role bob'", StatementTraits.None },
        { "select $x$ ; set role bob $x$", StatementTraits.None },
        { "select \"set role\" from t", StatementTraits.None },
        { "do $$ begin execute 'set role bob'; end $$", StatementTraits.None },
        { "select 1; ; set role bob", StatementTraits.Multiple | StatementTraits.SetsParameter | StatementTraits.ChangesRole },
        { "rollback", StatementTraits.EndsTransaction },
        { "", StatementTraits.Empty },
        { " -- nothing\n ;", StatementTraits.Empty },
    };

    [Theory]
    [MemberData(nameof(Statements))]
    public void A_statement_has_these_traits_at_least(string sql, StatementTraits expected) => Assert.Equal(expected, Scan(sql, cut: -1) & Compared(expected));

    [Theory]
    [MemberData(nameof(Statements))]
    public void Where_the_text_is_cut_changes_nothing(string sql, StatementTraits expected)
    {
        _ = expected;
        var whole = Scan(sql, cut: -1);
        for (var cut = 0; cut <= Encoding.UTF8.GetByteCount(sql); cut++)
        {
            Assert.Equal(whole, Scan(sql, cut));
        }
    }

    [Theory]
    [InlineData("select 'open")]
    [InlineData("select $q$ open")]
    [InlineData("select /* open")]
    [InlineData("select \"open")]
    public void What_does_not_end_is_unknown(string sql) => Assert.True(Scan(sql, cut: -1).HasFlag(StatementTraits.Unknown));

    [Fact]
    public void A_backslash_ends_a_plain_literal_or_not_by_standard_conforming_strings()
    {
        const string Sql = @"select 'a\'; set role bob --'";
        Assert.True(Scan(Sql, cut: -1).HasFlag(StatementTraits.ChangesRole));
        Assert.False(Scan(Sql, cut: -1, standardConformingStrings: false).HasFlag(StatementTraits.ChangesRole));
    }

    [Theory]
    [InlineData("deallocate S1", "s1")]
    [InlineData("deallocate prepare \"S\"\"1\"", "S\"1")]
    [InlineData("DEALLOCATE _pg3_0 ;", "_pg3_0")]
    public void The_name_is_read_as_PostgreSQL_reads_it(string sql, string name)
    {
        var scanner = new StatementScanner(standardConformingStrings: true);
        scanner.Feed(Encoding.UTF8.GetBytes(sql));
        scanner.Finish();
        Assert.Equal(name, Encoding.UTF8.GetString(scanner.DeallocatedName));
    }

    [Theory]
    [InlineData("prepare poolproxy_1 as select 1", true)]
    [InlineData("PREPARE \"poolproxy_1\" (int) AS select $1", true)]
    [InlineData("select 1; /* x */ DEALLOCATE PREPARE PoolProxy_2", true)]
    [InlineData("prepare \"Poolproxy_1\" as select 1", false)]
    [InlineData("prepare mine as select * from poolproxy_1", false)]
    [InlineData("execute poolproxy_1", false)]
    [InlineData("deallocate prepare", false)]
    public void Names_that_servers_know_the_proxys_statements_by_are_found(string sql, bool isOne)
    {
        for (var cut = 0; cut < sql.Length; cut++)
        {
            Assert.Equal(isOne, (Scan(sql, cut) & StatementTraits.NamesProxyStatement) != 0);
        }
    }

    [Fact]
    public void Scanning_allocates_nothing()
    {
        var sql = "select a, b from t where c = $1 and d = 'x'"u8.ToArray();
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                Run(sql);
            }
        }));
    }

    private static StatementTraits Run(byte[] sql)
    {
        var scanner = new StatementScanner(standardConformingStrings: true);
        scanner.Feed(sql);
        return scanner.Finish();
    }

    /// <summary>The traits that the relay acts on; the others may come on top.</summary>
    private static StatementTraits Compared(StatementTraits expected) => expected | StatementTraits.SetsParameter | StatementTraits.ChangesRole
        | StatementTraits.DiscardAll | StatementTraits.Deallocate | StatementTraits.DeallocateAll | StatementTraits.Multiple | StatementTraits.Unknown
        | StatementTraits.EndsTransaction | StatementTraits.Empty | StatementTraits.LiftsReadOnly;

    private static StatementTraits Scan(string sql, int cut, bool standardConformingStrings = true)
    {
        var bytes = Encoding.UTF8.GetBytes(sql);
        var scanner = new StatementScanner(standardConformingStrings);
        if (cut < 0)
        {
            scanner.Feed(bytes);
        }
        else
        {
            scanner.Feed(bytes.AsSpan(0, cut));
            scanner.Feed(bytes.AsSpan(cut));
        }

        return scanner.Finish();
    }
}
