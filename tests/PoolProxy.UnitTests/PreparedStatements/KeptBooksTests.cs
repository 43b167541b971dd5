using System.Text;
using PoolProxy.Core.PreparedStatements;
using Xunit;

namespace PoolProxy.UnitTests.PreparedStatements;

/// <summary>The books that serve unnamed statements: which texts came before, which copies are of today, and what is remembered.</summary>
public sealed class KeptBooksTests
{
    private readonly StatementCatalogue _catalogue = new(isShared: false);
    private readonly ServerStatements _server = new();
    private readonly object _folded = new();

    [Fact]
    public void A_text_is_known_from_its_second_time_on_until_another_takes_its_place()
    {
        var subject = new SeenTexts();
        Assert.False(subject.Notice(7));
        Assert.True(subject.Notice(7));
        Assert.False(subject.Notice(7 + SeenTexts.Capacity));
        Assert.False(subject.Notice(7));
        Assert.False(subject.Notice(0));
        Assert.True(subject.Notice(0));
    }

    [Fact]
    public void A_statement_that_is_taken_up_again_and_again_is_not_forgotten_before_those_that_are_not()
    {
        Statement hot = Acquire("select 'hot'");
        _catalogue.Release(hot);
        for (int number = 0; number < 3 * StatementCatalogue.SpareCapacity; number++)
        {
            Assert.Same(hot, Acquire("select 'hot'"));
            _catalogue.Release(hot);
            _catalogue.Release(Acquire($"select {number}"));
        }
        Assert.Equal(StatementCatalogue.SpareCapacity, _catalogue.Count);
    }

    [Fact]
    public void What_may_not_be_kept_is_known_but_not_given_out()
    {
        Acquire("select 'now'::date");
        Statement kept = Acquire("select 1");
        Assert.True(Find("select 'now'::date", out Statement? none));
        Assert.Null(none);
        Assert.True(Find("select 1", out Statement? found));
        Assert.Same(kept, found);
        Assert.False(Find("select 2", out _));
    }

    [Fact]
    public void A_copy_is_of_today_until_the_schema_or_the_sessions_settings_change()
    {
        Statement statement = Acquire("select 1");
        _server.Add(statement, _folded, schema: 5);
        Assert.Equal(CopyUse.Usable, _server.TouchCurrent(statement, _folded, schema: 5));
        Assert.Equal(CopyUse.Missing, _server.TouchCurrent(statement, _folded, schema: 6));
        _server.SettingsChanged();
        Assert.Equal(CopyUse.Missing, _server.TouchCurrent(statement, _folded, schema: 5));
        // Whoever has a name for it goes on using it, as in PostgreSQL.
        Assert.Equal(CopyUse.Usable, _server.Touch(statement, _folded));
    }

    [Fact]
    public void A_copy_under_the_id_of_another_statement_is_none_of_this_one()
    {
        Statement old = Acquire("select 'old'");
        Statement young = new StatementCatalogue(isShared: false).Acquire(this, _folded, Definition("select 'young'"), 14, standardConformingStrings: true);
        Assert.Equal(old.Id, young.Id);
        _server.Add(old, _folded, schema: 0);
        Assert.Equal(CopyUse.Missing, _server.Touch(young, _folded));
        Assert.True(_server.TakeUnusable(young));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(StatementTag.MaxId)]
    public void A_tag_tells_whose_statement_it_is(int id)
    {
        int unnamed = StatementTag.ForUnnamed(id);
        Assert.True(StatementTag.IsForUnnamed(unnamed) && StatementTag.HasId(unnamed) && !StatementTag.IsNamed(unnamed));
        Assert.True(StatementTag.IsNamed(id) && StatementTag.HasId(id) && !StatementTag.IsForUnnamed(id));
        Assert.Equal(id, StatementTag.IdOf(unnamed));
        Assert.Equal(id, StatementTag.IdOf(id));
        Assert.False(StatementTag.HasId(StatementTag.OwnName) || StatementTag.IsForUnnamed(StatementTag.OwnName) || !StatementTag.IsNamed(StatementTag.OwnName));
        Assert.False(StatementTag.HasId(StatementTag.Unnamed) || StatementTag.IsForUnnamed(StatementTag.Unnamed) || StatementTag.IsNamed(StatementTag.Unnamed));
    }

    private static byte[] Definition(string sql) => Encoding.UTF8.GetBytes(sql + "\0\0\0");

    private Statement Acquire(string sql) => _catalogue.Acquire(this, _folded, Definition(sql), sql.Length, standardConformingStrings: true);

    private bool Find(string sql, out Statement? kept) => _catalogue.TryFind(this, _folded, Definition(sql), ByteStringComparer.Hash(Definition(sql)), out kept);
}
