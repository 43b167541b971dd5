using System.Text;
using PoolProxy.Core.PreparedStatements;
using Xunit;

namespace PoolProxy.UnitTests.PreparedStatements;

public sealed class ClientStatementsTests
{
    private readonly StatementCatalogue _catalogue = new(isShared: false);
    private readonly IdentityStatements _identity = new();
    private readonly ClientStatements _statements;

    public ClientStatementsTests() => _statements = new ClientStatements(_catalogue, _identity);

    [Fact]
    public void The_newest_change_that_waits_decides_and_undone_ones_never_were()
    {
        var first = Define("s", "select 1");
        _statements.Settle();
        _statements.Remove("s"u8);
        Assert.Null(Find("s"));
        var second = Define("s", "select 2");
        Assert.Same(second, Find("s"));
        _statements.Undo();
        Assert.Same(second, Find("s"));
        _statements.Undo();
        Assert.Same(first, Find("s"));
    }

    [Fact]
    public void An_identity_is_full_of_texts_that_count_once_and_of_names()
    {
        var other = new ClientStatements(_catalogue, _identity);
        var text = new string(' ', IdentityStatements.CapacityBytes - 100);
        Define("s", text);
        _statements.Settle();
        Assert.False(_identity.IsFull);
        var statement = Find("s")!;
        _catalogue.Acquire(this, this, statement.Definition, text.Length, true);
        other.Define(new byte[40], statement);
        Assert.False(_identity.IsFull);
        _catalogue.Acquire(this, this, statement.Definition, text.Length, true);
        other.Define(new byte[60], statement);
        Assert.True(_identity.IsFull);
        other.Undo();
        Assert.False(_identity.IsFull);
        other.Dispose();
        _statements.Dispose();
        _identity.Add(statement, 10);
        Assert.False(_identity.IsFull);
    }

    [Fact]
    public void What_an_earlier_batch_makes_of_a_name_is_unsure_until_it_is_answered()
    {
        var statement = Define("s", "select 1");
        Assert.False(_statements.IsUnsure("s"u8, 0));
        Assert.True(_statements.IsUnsure("s"u8, 1));
        Assert.False(_statements.IsUnsure("t"u8, 1));
        _statements.Remove("s"u8, 1);
        Assert.False(_statements.IsUnsure("s"u8, 1));
        _statements.Settle();
        Assert.Null(Find("s"));
        _statements.Undo();
        Assert.False(_statements.IsUnsure("s"u8, 2));
        Assert.Same(statement, Find("s"));
    }

    [Fact]
    public void Changes_are_settled_in_the_order_in_which_they_were_sent()
    {
        Define("s", "select 1");
        _statements.Remove("s"u8);
        var last = Define("s", "select 3");
        _statements.Settle();
        _statements.Settle();
        Assert.Equal(0, _statements.Count);
        Assert.Same(last, Find("s"));
        _statements.Settle();
        Assert.Same(last, Find("s"));
        Assert.Equal(1, _statements.Count);
    }

    [Fact]
    public void As_many_names_as_may_wait_are_found_and_settled()
    {
        for (int name = 0; name < ClientStatements.Capacity; name++)
        {
            Assert.False(_statements.IsFull);
            Define($"s{name}", "select 1");
        }

        Assert.True(_statements.IsFull);
        for (int name = 0; name < ClientStatements.Capacity; name++)
        {
            Assert.NotNull(Find($"s{name}"));
        }

        for (int name = 0; name < ClientStatements.Capacity; name++)
        {
            _statements.Settle();
        }

        Assert.Equal(ClientStatements.Capacity, _statements.Count);
    }

    [Fact]
    public void Their_lengths_are_counted_from_the_Parse_until_the_name_is_gone()
    {
        string text = new('x', ClientStatements.CapacityBytes / 2);
        Define("a", "1" + text);
        _statements.Settle();
        Assert.False(_statements.IsFullOfBytes);
        Define("b", "2" + text);
        Assert.True(_statements.IsFullOfBytes);
        _statements.Undo();
        Assert.False(_statements.IsFullOfBytes);
        Define("b", "3" + text);
        _statements.Settle();
        Assert.True(_statements.IsFullOfBytes);
        _statements.Remove("a"u8);
        Assert.True(_statements.IsFullOfBytes);
        _statements.Settle();
        Assert.False(_statements.IsFullOfBytes);
    }

    [Fact]
    public void Long_statements_that_nobody_has_a_name_for_are_forgotten_sooner()
    {
        string text = new('x', StatementCatalogue.SpareCapacityBytes / 4);
        for (int name = 0; name < 10; name++)
        {
            Define("s", name + text);
            _statements.Settle();
            _statements.Forget("s"u8);
        }

        Assert.InRange(_catalogue.SizeBytes, 1, StatementCatalogue.SpareCapacityBytes);
    }

    private Statement Define(string name, string text)
    {
        byte[] definition = [.. Encoding.UTF8.GetBytes(text), 0, 0, 0];
        var statement = _catalogue.Acquire(this, this, definition, text.Length, standardConformingStrings: true);
        _statements.Define(Encoding.UTF8.GetBytes(name), statement);
        return statement;
    }

    private Statement? Find(string name) => _statements.TryFind(Encoding.UTF8.GetBytes(name), out var statement) ? statement : null;
}
