using System.Diagnostics.CodeAnalysis;

namespace PoolProxy.Protocol.Sql;

/// <summary>Reads tokens as statements and gathers their traits. Fixed state; knows grammar only where a trait depends on it.</summary>
internal struct StatementClassifier
{
    private Phase _phase;
    private SqlWord _lastWord;
    private int _parentheses;
    private bool _sawUpdate;
    private bool _sawNo;
    private StatementKind _kind;
    private SetConfigCall _setConfig;
    private SettingClause _setting;
    private DeallocateClause _deallocate;
    private RoutineBody _body;

    /// <summary>How far into a statement whose meaning its next words decide.</summary>
    private enum Phase : byte
    {
        /// <summary>Before the first token.</summary>
        Start,

        /// <summary>Nothing more hangs on the order of tokens.</summary>
        Body,

        /// <summary>Behind SET or RESET: see <see cref="SettingClause"/>.</summary>
        Setting,

        /// <summary>Behind DISCARD.</summary>
        Discard,

        /// <summary>Behind DEALLOCATE: see <see cref="DeallocateClause"/>.</summary>
        Deallocate,

        /// <summary>Behind PREPARE.</summary>
        Prepare,

        /// <summary>Behind PREPARE TRANSACTION, where TRANSACTION may itself be the name of a statement.</summary>
        PrepareTransaction,

        /// <summary>Behind COMMIT, END, ROLLBACK, ABORT.</summary>
        Ending,

        /// <summary>Behind CREATE and the words that may stand before what is created.</summary>
        Create,
    }

    /// <summary>What was found so far.</summary>
    public StatementTraits Traits { get; private set; }

    /// <summary>The number of statements so far, up to 2: whether there are more does not count.</summary>
    public int Statements { get; private set; }

    /// <summary>The kind of the first statement.</summary>
    public StatementKind FirstKind { get; private set; }

    /// <summary>The name in DEALLOCATE, cut as PostgreSQL cuts identifiers.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> DeallocatedName => _deallocate.Name;

    /// <summary>Takes the next token.</summary>
    public void Take(SqlToken token, in NameBuffer text)
    {
        if (token.Kind == SqlTokenKind.UnicodeName)
            Traits |= StatementTraits.Unknown; // could spell any of the names that are looked for
        Traits |= _setConfig.Take(token, text);
        if (token.Kind == SqlTokenKind.OpaqueLiteral || (token.Kind == SqlTokenKind.Literal && SettledConstant.IsMoment(text.Span)))
            Traits |= StatementTraits.SettlesConstant;

        if (token.Kind == SqlTokenKind.Sign && TakeSign(token.Sign))
            return;
        SqlWord word = token.Kind == SqlTokenKind.Word ? SqlWords.Inner(text.Span) : SqlWord.Other;
        _body.Take(word);
        if (_phase == Phase.Start)
            BeginStatement(token, text);
        else
            Continue(token, word, text);

        if (token.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName)
            TakeName(token, word, text);
        _lastWord = word;
    }

    /// <summary>The text is over.</summary>
    public void End()
    {
        EndStatement();
        if (Statements == 0)
            Traits |= StatementTraits.Empty;
    }

    /// <summary>Counts parentheses and ends statements; answers whether the sign was an end.</summary>
    private bool TakeSign(byte sign)
    {
        switch (sign)
        {
            case (byte)'(':
                _parentheses++;
                return false;
            case (byte)')':
                _parentheses = Math.Max(0, _parentheses - 1);
                return false;

            // Within parentheses only the actions of CREATE RULE are separated so.
            case (byte)';' when _parentheses != 0:
                return false;

            case (byte)';' when _body.IsOpen:
                _body.EndStatement();
                return true;
            case (byte)';':
                EndStatement();
                return true;
            default:
                return false;
        }
    }

    private void BeginStatement(SqlToken token, in NameBuffer text)
    {
        _kind = token.Kind == SqlTokenKind.Word ? SqlWords.Lead(text.Span) : StatementKind.Other;
        if (Statements == 0)
            FirstKind = _kind;
        else
            Traits |= StatementTraits.Multiple;
        Statements = Math.Min(2, Statements + 1);

        _phase = _kind switch
        {
            StatementKind.Set or StatementKind.Reset => Phase.Setting,
            StatementKind.Discard => Phase.Discard,
            StatementKind.Deallocate => Phase.Deallocate,
            StatementKind.Prepare => Phase.Prepare,
            StatementKind.Commit or StatementKind.End or StatementKind.Rollback or StatementKind.Abort => Phase.Ending,
            StatementKind.Create => Phase.Create,
            _ => Phase.Body,
        };
        if (_phase == Phase.Setting)
            _setting = new SettingClause(isReset: _kind == StatementKind.Reset);
        else if (_phase == Phase.Deallocate)
            _deallocate.Begin();
        Traits |= _kind switch
        {
            StatementKind.Begin or StatementKind.Start => StatementTraits.BeginsTransaction,
            StatementKind.Execute => StatementTraits.Executes | StatementTraits.ChangesSchema,
            StatementKind.Listen => StatementTraits.Listens,
            StatementKind.Unlisten => StatementTraits.Unlistens,
            StatementKind.Copy => StatementTraits.Copies,
            StatementKind.Savepoint or StatementKind.Release => StatementTraits.Savepoints,
            StatementKind.Close => StatementTraits.ReleasesState,
            StatementKind.Load => StatementTraits.Loads | StatementTraits.ChangesSchema,
            StatementKind.Rollback or StatementKind.Abort => StatementTraits.RollsBack,
            StatementKind.Create or StatementKind.Call or StatementKind.Do => StatementTraits.ChangesSchema,

            // A parenthesis begins a query.
            StatementKind.Other when !token.Is('(') => StatementTraits.ChangesSchema,
            _ => StatementTraits.None,
        };
    }

    private void EndStatement()
    {
        switch (_phase)
        {
            case Phase.Setting:
                Traits |= _setting.End();
                break;
            case Phase.Deallocate:
                Traits |= _deallocate.End();
                break;
            case Phase.PrepareTransaction:
                Traits |= StatementTraits.Prepares;
                break;
            case Phase.Ending:
                Traits |= StatementTraits.EndsTransaction;
                break;
        }

        _phase = Phase.Start;
        _lastWord = SqlWord.Other;
        _parentheses = 0;
        _sawUpdate = false;
        _sawNo = false;
        _body = default;
        _setConfig.Clear();
    }

    private void Continue(SqlToken token, SqlWord word, in NameBuffer text)
    {
        switch (_phase)
        {
            case Phase.Setting:
                Traits |= _setting.Take(token, word, text);
                if (_setting.IsOver)
                    _phase = Phase.Body;
                break;

            case Phase.Discard:
                Traits |= StatementTraits.SetsParameter | (word == SqlWord.All
                    ? StatementTraits.DiscardAll | StatementTraits.ChangesProxySetting
                    : StatementTraits.Discards);
                _phase = Phase.Body;
                break;

            case Phase.Deallocate:
                Traits |= _deallocate.Take(token, word, text) | OfStatementName(token, text);
                if (_deallocate.IsOver)
                    _phase = Phase.Body;
                break;

            case Phase.Prepare when word == SqlWord.Transaction:
                _phase = Phase.PrepareTransaction;
                break;
            case Phase.Prepare:
                Traits |= StatementTraits.Prepares | OfStatementName(token, text);
                _phase = Phase.Body;
                break;
            case Phase.PrepareTransaction:
                Traits |= token.Kind is SqlTokenKind.Literal or SqlTokenKind.OpaqueLiteral
                    ? StatementTraits.EndsTransaction
                    : StatementTraits.Prepares;
                _phase = Phase.Body;
                break;

            case Phase.Ending:
                ContinueEnding(word);
                break;

            case Phase.Create:
                if (word == SqlWord.Routine)
                    _body.FindRoutine();
                if (word is not (SqlWord.Or or SqlWord.Replace))
                    _phase = Phase.Body;
                break;
        }
    }

    private static StatementTraits OfStatementName(SqlToken token, in NameBuffer text) =>
        token.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName && text.Span.StartsWith("poolproxy_"u8) ? StatementTraits.NamesProxyStatement : StatementTraits.None;

    private void ContinueEnding(SqlWord word)
    {
        switch (word)
        {
            // ROLLBACK TO a savepoint ends nothing; COMMIT PREPARED ends another transaction than this one.
            case SqlWord.To or SqlWord.Prepared:
                _phase = Phase.Body;
                break;
            case SqlWord.No:
                _sawNo = true;
                break;
            case SqlWord.Chain:
                Traits |= StatementTraits.EndsTransaction;
                if (!_sawNo)
                    Traits |= StatementTraits.BeginsTransaction;
                _phase = Phase.Body;
                break;
        }
    }

    /// <summary>Looks for the few names and pairs of words that mean something anywhere in a statement.</summary>
    private void TakeName(SqlToken token, SqlWord word, in NameBuffer text)
    {
        Traits |= SqlWords.OfName(text.Span);
        SqlWord name = token.Kind == SqlTokenKind.Word ? word : SqlWords.Inner(text.Span);
        switch (name)
        {
            case SqlWord.SetConfig:
                _setConfig.Open();
                return;
            case SqlWord.PgSettings when _sawUpdate || _kind == StatementKind.Update:
                Traits |= StatementTraits.SetsParameter | StatementTraits.SetsForSession | StatementTraits.ChangesRole
                    | StatementTraits.ChangesProxySetting | StatementTraits.LiftsReadOnly;
                return;
        }

        // READ WRITE, of a transaction or of those to come; in no other place of these statements does the word mean anything.
        if (_kind is StatementKind.Begin or StatementKind.Start or StatementKind.Set && token.Kind == SqlTokenKind.Word && text.Span.SequenceEqual("write"u8))
            Traits |= StatementTraits.LiftsReadOnly;

        switch (word)
        {
            case SqlWord.Update or SqlWord.Share or SqlWord.No or SqlWord.Key:
                _sawUpdate |= word == SqlWord.Update;
                if (_lastWord == SqlWord.For)
                    Traits |= StatementTraits.LocksRows;
                break;
            case SqlWord.Execute:
                if (_kind == StatementKind.Explain || (_kind == StatementKind.Create && _lastWord == SqlWord.As))
                    Traits |= StatementTraits.Executes;
                break;
            case SqlWord.Into:
                if (_lastWord != SqlWord.Insert)
                    Traits |= StatementTraits.ChangesSchema;
                break;
            case SqlWord.Create:
                if (_kind == StatementKind.Explain)
                    Traits |= StatementTraits.ChangesSchema;
                break;
            case SqlWord.With:
                if (_lastWord == SqlWord.Time)
                    Traits |= StatementTraits.SettlesConstant; // time with time zone
                break;
            case SqlWord.Hold:
                if (_kind == StatementKind.Declare && _lastWord == SqlWord.With)
                    Traits |= StatementTraits.HoldsCursor;
                break;
            case SqlWord.Temporary:
                if (_lastWord is SqlWord.Create or SqlWord.Replace or SqlWord.Local or SqlWord.Into)
                    Traits |= StatementTraits.MakesTemporary;
                break;
            case SqlWord.Atomic:
                if (_parentheses == 0 && _lastWord == SqlWord.Begin)
                    _body.FindAtomic();
                break;
        }
    }
}
