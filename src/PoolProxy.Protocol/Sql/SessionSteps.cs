using System.Text;

namespace PoolProxy.Protocol.Sql;

/// <summary>
/// Reads from a text, statement by statement, what it leaves behind in its session. Allocates: only for texts whose traits say that there is
/// something to be found. What is not followed leaves no step: what functions and DO blocks do inside, <c>set_config</c>, and what stands behind the
/// body of a routine in SQL.
/// </summary>
public ref struct SessionSteps
{
    /// <summary>How many of a statement's first tokens are looked at one by one.</summary>
    private const int MaxTokens = 24;

    private readonly ReadOnlySpan<byte> _text;
    private readonly bool _standardStrings;
    private readonly List<SessionStep> _steps;
    private readonly List<Token> _tokens;
    private bool _holds;
    private bool _dropsAtCommit;
    private bool _makesTemporary;
    private string _last;
    private string _beforeLast;

    private SessionSteps(ReadOnlySpan<byte> text, bool standardStrings, List<SessionStep> steps)
    {
        _text = text;
        _standardStrings = standardStrings;
        _steps = steps;
        _tokens = [];
        _last = _beforeLast = "";
    }

    /// <summary>Adds the steps of a whole text.</summary>
    /// <param name="text">Without its terminator.</param>
    /// <param name="standardConformingStrings">The session's setting of that name when the text is parsed.</param>
    /// <param name="steps">Takes them, in order.</param>
    /// <returns>False where it was not followed to its end.</returns>
    public static bool Read(ReadOnlySpan<byte> text, bool standardConformingStrings, List<SessionStep> steps)
    {
        var reader = new SessionSteps(text, standardConformingStrings, steps);
        return reader.ReadAll();
    }

    /// <summary>Whether the setting is one that the proxy sets for itself, or says who the client is.</summary>
    public static bool IsProxySetting(ReadOnlySpan<byte> name) => ProxySettings.Changing(name) != StatementTraits.None;

    private bool ReadAll()
    {
        var lexer = new SqlLexer(_standardStrings);
        var rest = _text;
        int parentheses = 0;
        while (true)
        {
            bool isWithin = lexer.TryNext(ref rest, out SqlToken token);
            if (!isWithin && !lexer.TryEnd(out token))
                break;
            int end = isWithin ? _text.Length - rest.Length : _text.Length;
            if (token.Is('('))
                parentheses++;
            else if (token.Is(')'))
                parentheses = Math.Max(0, parentheses - 1);
            else if (token.Is(';') && parentheses == 0)
            {
                EndStatement(end - 1);
                continue;
            }

            if (!Take(token, lexer.TextBuffer, end))
                return false; // the body of a routine: what its semicolons end is not followed
        }

        if (lexer.IsFailed)
            return false;
        EndStatement(_text.Length);
        return true;
    }

    private bool Take(SqlToken token, in NameBuffer text, int end)
    {
        bool isWord = token.Kind == SqlTokenKind.Word;
        bool isName = isWord || token.Kind == SqlTokenKind.QuotedName;
        string word = isName ? Encoding.UTF8.GetString(SqlQuoting.Identifier(text.Span)) : "";
        if (_tokens.Count < MaxTokens)
            _tokens.Add(new Token(token.Kind, token.Sign, word, end));
        if (isName)
        {
            if (word.StartsWith("pg_advisory_lock", StringComparison.Ordinal) || word.StartsWith("pg_try_advisory_lock", StringComparison.Ordinal))
                Add(SessionStepKind.Lock);
            else if (word == "pg_advisory_unlock_all")
                Add(SessionStepKind.UnlockAll);
            else if (word.StartsWith("pg_temp", StringComparison.Ordinal))
                _makesTemporary |= First is "create";
        }

        if (isWord)
        {
            _holds |= word == "hold" && _last == "with";
            _dropsAtCommit |= word == "drop" && _last == "commit" && _beforeLast == "on";
            _makesTemporary |= word is "temp" or "temporary" && _last is "create" or "replace" or "local" or "global" or "into";
            if (word == "atomic" && _last == "begin" && First == "create")
                return false;
        }

        _beforeLast = _last;
        _last = isWord ? word : "";
        return true;
    }

    private readonly string First => Word(0);

    private readonly string Word(int index) =>
        index < _tokens.Count && _tokens[index].Kind == SqlTokenKind.Word ? _tokens[index].Text : "";

    /// <summary>A name at that place, quoted or not; empty for none.</summary>
    private readonly string Name(int index) =>
        index < _tokens.Count && _tokens[index].Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName ? _tokens[index].Text : "";

    private readonly void Add(SessionStepKind kind, CommandTagKind tag = CommandTagKind.Other, string name = "", byte[]? value = null) =>
        _steps.Add(new SessionStep(kind, tag, name, value));

    private void EndStatement(int end)
    {
        switch (First)
        {
            case "set":
                Set(end);
                break;
            case "reset":
                Reset();
                break;
            case "discard" when Word(1) == "all":
                Add(SessionStepKind.DiscardAll, CommandTagKind.DiscardAll);
                break;
            case "discard" when Word(1) is "temp" or "temporary":
                Add(SessionStepKind.DiscardTemporary, CommandTagKind.DiscardTemp);
                break;
            case "commit" or "end" when Word(1) != "prepared":
                Add(SessionStepKind.Commit, CommandTagKind.Commit);
                break;
            case "rollback" or "abort" when Word(1) != "prepared":
                Rollback();
                break;
            case "savepoint":
                Add(SessionStepKind.Savepoint, CommandTagKind.Savepoint, Name(1));
                break;
            case "release":
                Add(SessionStepKind.Release, CommandTagKind.Release, Word(1) == "savepoint" && Name(2).Length > 0 ? Name(2) : Name(1));
                break;
            case "prepare" when Word(1) == "transaction" && _tokens.Count > 2 && _tokens[2].Kind is SqlTokenKind.Literal or SqlTokenKind.OpaqueLiteral:
                Add(SessionStepKind.Commit, CommandTagKind.PrepareTransaction);
                break;
            case "prepare":
                Add(SessionStepKind.Prepare, CommandTagKind.Prepare, Name(1));
                break;
            case "deallocate":
                Deallocate();
                break;
            case "listen":
                Add(_tokens.Count > 1 && _tokens[1].Kind == SqlTokenKind.UnicodeName ? SessionStepKind.ListenUnread : SessionStepKind.Listen, CommandTagKind.Listen, Name(1));
                break;
            case "unlisten":
                Add(Name(1).Length > 0 ? SessionStepKind.Unlisten : SessionStepKind.UnlistenAll, CommandTagKind.Unlisten, Name(1));
                break;
            case "declare" when _holds:
                Add(SessionStepKind.HoldCursor, CommandTagKind.DeclareCursor, Name(1));
                break;
            case "close":
                Add(Word(1) == "all" ? SessionStepKind.CloseAll : SessionStepKind.CloseCursor, name: Name(1));
                break;
            case "drop":
                Drop();
                break;
            default:
                if (_makesTemporary && !_dropsAtCommit)
                    Add(SessionStepKind.MakeTemporary, name: MadeName());
                break;
        }

        _tokens.Clear();
        _holds = _dropsAtCommit = _makesTemporary = false;
        _last = _beforeLast = "";
    }

    private readonly void Set(int end)
    {
        int at = 1;
        if (Word(at) == "session" && !IsNameEnd(at + 1))
            at++;
        else if (Word(at) == "local" && !IsNameEnd(at + 1))
        {
            Add(SessionStepKind.None, CommandTagKind.Set);
            return;
        }

        switch (Word(at))
        {
            case "constraints" when !IsNameEnd(at + 1):
                return;
            case "transaction" or "role" or "authorization" or "session" when !IsNameEnd(at + 1):
                Add(SessionStepKind.None, CommandTagKind.Set);
                return;
            case "characteristics" when !IsNameEnd(at + 1):
                Add(SessionStepKind.Set, CommandTagKind.Set, "default_transaction_isolation");
                return;
            case "time" when Word(at + 1) == "zone":
                Add(SessionStepKind.Set, CommandTagKind.Set, "timezone");
                return;
            case "names" when !IsNameEnd(at + 1):
                Add(SessionStepKind.Set, CommandTagKind.Set, "client_encoding");
                return;
            case "schema" when !IsNameEnd(at + 1):
                Put("search_path", _text[_tokens[at].End..end]);
                return;
        }

        string name = Name(at);
        while (at + 2 < _tokens.Count && _tokens[at + 1].Is('.'))
        {
            at += 2;
            name = $"{name}.{Name(at)}";
        }

        if (IsNameEnd(at + 1))
            Put(name, _text[_tokens[at + 1].End..end]);
        else
            Add(SessionStepKind.Set, CommandTagKind.Set, name);
    }

    private readonly void Put(string name, ReadOnlySpan<byte> rest)
    {
        byte[]? value = SettingValue.Read(rest, _standardStrings, SqlQuoting.IsListSetting(Encoding.UTF8.GetBytes(name)), out bool isDefault);
        Add(isDefault ? SessionStepKind.Reset : SessionStepKind.Set, CommandTagKind.Set, name, value);
    }

    /// <summary>What a setting's name ends with where a value follows: a word that could be more than a name is one then.</summary>
    private readonly bool IsNameEnd(int index) => index < _tokens.Count && (_tokens[index].Is('=') || _tokens[index].Is('.') || Word(index) == "to");

    private readonly void Reset()
    {
        if (Word(1) == "all")
        {
            Add(SessionStepKind.ResetAll, CommandTagKind.Reset);
            return;
        }

        int at = 1;
        string name = Word(1) == "time" && Word(2) == "zone" ? "timezone" : Name(1);
        while (at + 2 < _tokens.Count && _tokens[at + 1].Is('.'))
        {
            at += 2;
            name = $"{name}.{Name(at)}";
        }

        Add(SessionStepKind.Reset, CommandTagKind.Reset, name);
    }

    private readonly void Rollback()
    {
        int at = Word(1) is "work" or "transaction" ? 2 : 1;
        if (Word(at) != "to")
        {
            Add(SessionStepKind.Rollback, CommandTagKind.Rollback);
            return;
        }

        at += Word(at + 1) == "savepoint" && Name(at + 2).Length > 0 ? 2 : 1;
        Add(SessionStepKind.RollbackTo, CommandTagKind.Rollback, Name(at));
    }

    private readonly void Deallocate()
    {
        int at = Word(1) == "prepare" && Name(2).Length > 0 ? 2 : 1;
        if (Word(at) == "all")
            Add(SessionStepKind.DeallocateAll, CommandTagKind.DeallocateAll);
        else
            Add(SessionStepKind.Deallocate, CommandTagKind.Deallocate, Name(at));
    }

    private readonly void Drop()
    {
        int at = Word(1) is "table" or "view" or "sequence" ? 2 : _tokens.Count;
        if (Word(at) == "if" && Word(at + 1) == "exists")
            at += 2;
        for (; Name(at).Length > 0; at += 2)
        {
            string name = Name(at);
            if (at + 2 < _tokens.Count && _tokens[at + 1].Is('.'))
            {
                if (name != "pg_temp")
                    return;
                at += 2;
                name = Name(at);
            }

            Add(SessionStepKind.Drop, name: name);
            if (at + 1 >= _tokens.Count || !_tokens[at + 1].Is(','))
                return;
        }
    }

    /// <summary>The name in <c>CREATE TEMP TABLE [IF NOT EXISTS] name</c>; empty in other forms.</summary>
    private readonly string MadeName()
    {
        if (First != "create")
            return "";
        int at = 1;
        while (Word(at) is "or" or "replace" or "global" or "local" or "temp" or "temporary" or "recursive")
            at++;
        if (Word(at) is not ("table" or "view" or "sequence"))
            return "";
        at++;
        if (Word(at) == "if")
            at += 3;
        return at + 1 < _tokens.Count && _tokens[at + 1].Is('.') ? "" : Name(at);
    }

    private readonly record struct Token(SqlTokenKind Kind, byte Sign, string Text, int End)
    {
        public bool Is(char sign) => Kind == SqlTokenKind.Sign && Sign == sign;
    }
}
