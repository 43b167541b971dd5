namespace PoolProxy.Protocol.Sql;

/// <summary>
/// Reads what follows SET or RESET as far as the setting's name. Sources: sql-set.html, sql-reset.html,
/// sql-set-session-authorization.html, sql-set-transaction.html, sql-set-constraints.html; VariableSetStmt in gram.y.
/// </summary>
internal struct SettingClause
{
    private readonly bool _isReset;
    private Step _step;
    private bool _isLocal;
    private NameBuffer _name;

    /// <summary>A clause of which nothing but the leading word was read.</summary>
    public SettingClause(bool isReset) => _isReset = isReset;

    private enum Step : byte
    {
        /// <summary>Behind SET, SET LOCAL or RESET.</summary>
        Start,

        /// <summary>Behind SESSION: a scope, or SESSION AUTHORIZATION, or the first part of a name.</summary>
        Session,

        /// <summary>Behind CONSTRAINTS, which no setting but one of two parts can be named.</summary>
        Constraints,

        /// <summary>Behind a name, or a part of one, that a dot would continue.</summary>
        Name,

        /// <summary>Behind a dot.</summary>
        Part,

        /// <summary>All is known.</summary>
        Over,
    }

    /// <summary>Whether nothing more is to be read.</summary>
    public readonly bool IsOver => _step == Step.Over;

    /// <summary>Takes the next token; answers what the clause does, once that is known.</summary>
    public StatementTraits Take(SqlToken token, SqlWord word, in NameBuffer text)
    {
        switch (_step)
        {
            case Step.Start:
                return TakeFirst(token, word, text);
            case Step.Session:
                return TakeBehindSession(token, word, text);

            case Step.Constraints when !(token.Is('.') || token.Is('=') || word == SqlWord.To):
                _step = Step.Over; // SET CONSTRAINTS changes no setting, and its tag says so
                return StatementTraits.None;
            case Step.Constraints:
            case Step.Name:
                return TakeBehindName(token);
            case Step.Part:
                return TakeName(token, text);
            default:
                return StatementTraits.None;
        }
    }

    /// <summary>The statement ends here.</summary>
    public StatementTraits End() => _step is Step.Over or Step.Constraints ? StatementTraits.None : Settle();

    private StatementTraits TakeFirst(SqlToken token, SqlWord word, in NameBuffer text)
    {
        switch (word)
        {
            case SqlWord.Local when !_isReset && text.Span.SequenceEqual("local"u8):
                _isLocal = true;
                return StatementTraits.None;

            case SqlWord.Session:
                _step = Step.Session;
                _name.Append(text.Span);
                return StatementTraits.None;

            case SqlWord.Transaction when !_isReset:
                _isLocal = true; // it lasts no longer than the transaction, unless a dot makes it a name
                return TakeName(token, text);

            case SqlWord.Constraints when !_isReset:
                _step = Step.Constraints;
                _name.Append(text.Span);
                return StatementTraits.None;

            case SqlWord.All when _isReset:
                return Settle() | StatementTraits.ResetAll | StatementTraits.ChangesProxySetting;

            case SqlWord.Other when token.Is('.') && _isLocal: // SET local.x
                _isLocal = false;
                return TakeBehindName(token);

            default:
                return TakeName(token, text);
        }
    }

    private StatementTraits TakeBehindSession(SqlToken token, SqlWord word, in NameBuffer text)
    {
        switch (word)
        {
            case SqlWord.Session: // SET SESSION SESSION AUTHORIZATION
                return StatementTraits.None;
            case SqlWord.Authorization:
                _name.Clear();
                _name.Append("session_authorization"u8);
                return Settle();
            case SqlWord.Characteristics or SqlWord.Transaction:
                return Settle();
            default:
                if (token.Kind == SqlTokenKind.Sign)
                    return TakeBehindName(token);
                _name.Clear();
                return TakeName(token, text);
        }
    }

    private StatementTraits TakeName(SqlToken token, in NameBuffer text)
    {
        if (token.Kind is not (SqlTokenKind.Word or SqlTokenKind.QuotedName))
            return Settle();
        _name.Append(text.Span);
        _step = Step.Name;
        return StatementTraits.None;
    }

    private StatementTraits TakeBehindName(SqlToken token)
    {
        if (!token.Is('.'))
            return Settle();
        if (_name.Span.SequenceEqual("transaction"u8))
            _isLocal = false;
        _name.Append((byte)'.');
        _step = Step.Part;
        return StatementTraits.None;
    }

    private StatementTraits Settle()
    {
        _step = Step.Over;
        StatementTraits traits = StatementTraits.SetsParameter | ProxySettings.Changing(_name.Span);
        return _isLocal ? traits : traits | StatementTraits.SetsForSession;
    }
}
