using System.Diagnostics.CodeAnalysis;

namespace PoolProxy.Protocol.Sql;

/// <summary>
/// What follows DEALLOCATE: <c>[PREPARE] name | ALL</c>, where PREPARE may itself be the name. Keeps the first name of a text. A
/// mutable struct of its <see cref="StatementClassifier"/>.
/// </summary>
internal struct DeallocateClause
{
    private NameBuffer _name;
    private bool _isNamed;
    private bool _sawPrepare;

    /// <summary>The name, cut as PostgreSQL cuts identifiers: to 63 bytes, not within a UTF-8 character.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Name => _name.Span[..IdentifierLength(_name.Span)];

    /// <summary>Whether the clause is over.</summary>
    public bool IsOver { get; private set; }

    /// <summary>DEALLOCATE leads a statement.</summary>
    public void Begin()
    {
        IsOver = false;
        _sawPrepare = false;
    }

    /// <summary>Takes the next token; answers what the statement does, once that is known.</summary>
    public StatementTraits Take(SqlToken token, SqlWord word, in NameBuffer text)
    {
        if (word == SqlWord.Prepare && !_sawPrepare)
        {
            _sawPrepare = true;
            return StatementTraits.None;
        }

        IsOver = true;
        if (word == SqlWord.All)
            return StatementTraits.DeallocateAll;
        return token.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName ? Keep(text.Span) : StatementTraits.None;
    }

    /// <summary>The statement ends within the clause.</summary>
    public StatementTraits End() => _sawPrepare ? Keep("prepare"u8) : StatementTraits.None;

    private StatementTraits Keep(ReadOnlySpan<byte> name)
    {
        if (_isNamed)
            return StatementTraits.Deallocate | StatementTraits.Unknown;
        _isNamed = true;
        _name.Append(name);
        return StatementTraits.Deallocate;
    }

    private static int IdentifierLength(ReadOnlySpan<byte> name)
    {
        int length = Math.Min(name.Length, NameBuffer.Capacity - 1);
        if (length < name.Length)
        {
            while (length > 0 && (name[length] & 0xC0) == 0x80)
                length--;
        }

        return length;
    }
}
