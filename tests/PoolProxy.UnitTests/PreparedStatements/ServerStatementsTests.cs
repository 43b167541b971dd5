using PoolProxy.Core.PreparedStatements;
using Xunit;

namespace PoolProxy.UnitTests.PreparedStatements;

/// <summary>The books on one server's copies.</summary>
public sealed class ServerStatementsTests
{
    private readonly object _folded = new();
    private readonly StatementCatalogue _catalogue = new(isShared: false);
    private readonly ServerStatements _subject = new();

    [Fact]
    public void A_copy_whose_Close_was_skipped_and_whose_next_Parse_met_it_can_be_prepared_again()
    {
        Statement old = Prepare("select 1");
        _subject.Parsed(old.Id);
        _subject.EndBatch();
        Assert.True(_subject.TryEvict(1, out Statement evicted));
        Assert.Same(old, evicted);
        _subject.BatchSent();
        _subject.Add(old, _folded, schema: 0);
        // The first batch fails: the Close is skipped. The Parse of the second then finds the statement there: 42P05.
        _subject.Restore(old.Id);
        _subject.MarkHeld(old.Id);
        Assert.Equal(CopyUse.Missing, _subject.Touch(old, _folded));
        Assert.True(_subject.TakeUnusable(old));
        _subject.Add(old, _folded, schema: 0);
        _subject.Parsed(old.Id);
        Assert.Equal(CopyUse.Usable, _subject.Touch(old, _folded));
        Assert.Equal(1, _subject.Count);
    }

    [Fact]
    public void A_copy_is_unsettled_for_the_next_batch_until_its_Parse_is_answered()
    {
        Statement statement = Prepare("select 1");
        Assert.Equal(CopyUse.Usable, _subject.Touch(statement, _folded));
        _subject.BatchSent();
        Assert.Equal(CopyUse.Unsettled, _subject.Touch(statement, _folded));
        _subject.Parsed(statement.Id);
        Assert.Equal(CopyUse.Usable, _subject.Touch(statement, _folded));
        Prepare("select 2");
        Assert.Equal(CopyUse.Usable, _subject.Touch(statement, _folded));
    }

    [Fact]
    public void A_copy_whose_Parse_has_failed_is_missing()
    {
        Statement statement = Prepare("select 1");
        _subject.BatchSent();
        _subject.Remove(statement.Id);
        Assert.Equal(CopyUse.Missing, _subject.Touch(statement, _folded));
        Assert.False(_subject.TakeUnusable(statement));
    }

    [Fact]
    public void A_copy_prepared_under_other_parameters_than_its_keys_serves_only_who_has_those()
    {
        object other = new();
        Statement statement = Acquire("select 1");
        _subject.Add(statement, other, schema: 0);
        _subject.Parsed(statement.Id);
        Assert.Equal(CopyUse.Usable, _subject.Touch(statement, other));
        Assert.Equal(CopyUse.Missing, _subject.Touch(statement, _folded));
    }

    [Fact]
    public void A_copy_prepared_under_unknown_parameters_serves_its_own_batch_alone()
    {
        Statement statement = Acquire("select 1");
        _subject.Add(statement, folded: null, schema: 0);
        Assert.Equal(CopyUse.Usable, _subject.Touch(statement, _folded));
        _subject.Parsed(statement.Id);
        _subject.BatchSent();
        Assert.Equal(CopyUse.Missing, _subject.Touch(statement, _folded));
        Assert.True(_subject.TakeUnusable(statement));
    }

    private Statement Prepare(string sql)
    {
        Statement statement = Acquire(sql);
        _subject.Add(statement, _folded, schema: 0);
        return statement;
    }

    private Statement Acquire(string sql)
    {
        byte[] definition = [.. System.Text.Encoding.UTF8.GetBytes(sql), 0, 0, 0];
        return _catalogue.Acquire(this, _folded, definition, sql.Length, standardConformingStrings: true);
    }
}
