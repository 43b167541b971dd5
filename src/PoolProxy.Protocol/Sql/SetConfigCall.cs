namespace PoolProxy.Protocol.Sql;

/// <summary>
/// Follows a call of <c>set_config</c> as far as the name of the setting. A name that is anything but one plain literal
/// (a parameter, a concatenation, an escape) might be any name.
/// </summary>
internal struct SetConfigCall
{
    private const StatementTraits Sets = StatementTraits.SetsParameter | StatementTraits.SetsForSession;
    private const StatementTraits SetsAnything = Sets | StatementTraits.ChangesRole | StatementTraits.ChangesProxySetting | StatementTraits.LiftsReadOnly;

    private Step _step;
    private StatementTraits _ofLiteral;

    private enum Step : byte
    {
        None,
        Name,
        Parenthesis,
        Notation,
        NotationEnd,
        Literal,
        Cast,
    }

    /// <summary>The function's name was read.</summary>
    public void Open() => _step = Step.Name;

    /// <summary>The statement is over.</summary>
    public void Clear() => _step = Step.None;

    /// <summary>Takes the next token; answers what the call does, once that is known.</summary>
    public StatementTraits Take(SqlToken token, in NameBuffer text)
    {
        switch (_step)
        {
            case Step.None:
                return StatementTraits.None;

            case Step.Name:
                _step = token.Is('(') ? Step.Parenthesis : Step.None;
                return StatementTraits.None;

            case Step.Parenthesis when token.Kind == SqlTokenKind.Word && text.Span.SequenceEqual("setting_name"u8):
                _step = Step.Notation; // setting_name => 'x', or the older :=
                return StatementTraits.None;

            case Step.Notation when token.Is('=') || token.Is(':'):
                _step = Step.NotationEnd;
                return StatementTraits.None;

            case Step.Parenthesis or Step.NotationEnd when token.Kind == SqlTokenKind.Literal:
                _ofLiteral = ProxySettings.Changing(text.Span);
                _step = Step.Literal;
                return StatementTraits.None;

            case Step.NotationEnd when token.Is('>') || token.Is('='):
                return StatementTraits.None;

            case Step.Literal or Step.Cast when token.Is(','):
                _step = Step.None;
                return Sets | _ofLiteral;

            case Step.Literal when token.Is(':'): // 'x'::text
            case Step.Cast when token.Is(':') || token.Is('.') || token.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName:
                _step = Step.Cast;
                return StatementTraits.None;

            default:
                _step = Step.None;
                return SetsAnything;
        }
    }
}
