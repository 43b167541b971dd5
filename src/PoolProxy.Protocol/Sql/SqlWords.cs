namespace PoolProxy.Protocol.Sql;

/// <summary>From a word in lower case to what it is. Chosen by length first, so that most words cost one comparison or none.</summary>
internal static class SqlWords
{
    /// <summary>The kind of statement that the word leads.</summary>
    public static StatementKind Lead(ReadOnlySpan<byte> word)
    {
        switch (word.Length)
        {
            case 2:
                if (word.SequenceEqual("do"u8)) return StatementKind.Do;
                break;
            case 3:
                if (word.SequenceEqual("set"u8)) return StatementKind.Set;
                if (word.SequenceEqual("end"u8)) return StatementKind.End;
                break;
            case 4:
                if (word.SequenceEqual("with"u8)) return StatementKind.With;
                if (word.SequenceEqual("copy"u8)) return StatementKind.Copy;
                if (word.SequenceEqual("show"u8)) return StatementKind.Show;
                if (word.SequenceEqual("call"u8)) return StatementKind.Call;
                if (word.SequenceEqual("lock"u8)) return StatementKind.Lock;
                if (word.SequenceEqual("load"u8)) return StatementKind.Load;
                break;
            case 5:
                if (word.SequenceEqual("begin"u8)) return StatementKind.Begin;
                if (word.SequenceEqual("fetch"u8)) return StatementKind.Fetch;
                if (word.SequenceEqual("close"u8)) return StatementKind.Close;
                if (word.SequenceEqual("reset"u8)) return StatementKind.Reset;
                if (word.SequenceEqual("start"u8)) return StatementKind.Start;
                if (word.SequenceEqual("table"u8)) return StatementKind.Table;
                if (word.SequenceEqual("abort"u8)) return StatementKind.Abort;
                if (word.SequenceEqual("merge"u8)) return StatementKind.Merge;
                break;
            case 6:
                if (word.SequenceEqual("select"u8)) return StatementKind.Select;
                if (word.SequenceEqual("insert"u8)) return StatementKind.Insert;
                if (word.SequenceEqual("update"u8)) return StatementKind.Update;
                if (word.SequenceEqual("delete"u8)) return StatementKind.Delete;
                if (word.SequenceEqual("commit"u8)) return StatementKind.Commit;
                if (word.SequenceEqual("values"u8)) return StatementKind.Values;
                if (word.SequenceEqual("create"u8)) return StatementKind.Create;
                if (word.SequenceEqual("listen"u8)) return StatementKind.Listen;
                if (word.SequenceEqual("notify"u8)) return StatementKind.Notify;
                break;
            case 7:
                if (word.SequenceEqual("execute"u8)) return StatementKind.Execute;
                if (word.SequenceEqual("prepare"u8)) return StatementKind.Prepare;
                if (word.SequenceEqual("explain"u8)) return StatementKind.Explain;
                if (word.SequenceEqual("discard"u8)) return StatementKind.Discard;
                if (word.SequenceEqual("declare"u8)) return StatementKind.Declare;
                if (word.SequenceEqual("release"u8)) return StatementKind.Release;
                break;
            case 8:
                if (word.SequenceEqual("rollback"u8)) return StatementKind.Rollback;
                if (word.SequenceEqual("unlisten"u8)) return StatementKind.Unlisten;
                break;
            case 9:
                if (word.SequenceEqual("savepoint"u8)) return StatementKind.Savepoint;
                break;
            case 10:
                if (word.SequenceEqual("deallocate"u8)) return StatementKind.Deallocate;
                break;
        }

        return StatementKind.Other;
    }

    /// <summary>What the word is inside a statement.</summary>
    public static SqlWord Inner(ReadOnlySpan<byte> word)
    {
        switch (word.Length)
        {
            case 2:
                if (word.SequenceEqual("as"u8)) return SqlWord.As;
                if (word.SequenceEqual("to"u8)) return SqlWord.To;
                if (word.SequenceEqual("or"u8)) return SqlWord.Or;
                if (word.SequenceEqual("no"u8)) return SqlWord.No;
                break;
            case 3:
                if (word.SequenceEqual("and"u8)) return SqlWord.And;
                if (word.SequenceEqual("for"u8)) return SqlWord.For;
                if (word.SequenceEqual("all"u8)) return SqlWord.All;
                if (word.SequenceEqual("end"u8)) return SqlWord.End;
                if (word.SequenceEqual("key"u8)) return SqlWord.Key;
                break;
            case 4:
                if (word.SequenceEqual("into"u8)) return SqlWord.Into;
                if (word.SequenceEqual("with"u8)) return SqlWord.With;
                if (word.SequenceEqual("temp"u8)) return SqlWord.Temporary;
                if (word.SequenceEqual("time"u8)) return SqlWord.Time;
                if (word.SequenceEqual("hold"u8)) return SqlWord.Hold;
                break;
            case 5:
                if (word.SequenceEqual("local"u8)) return SqlWord.Local;
                if (word.SequenceEqual("begin"u8)) return SqlWord.Begin;
                if (word.SequenceEqual("share"u8)) return SqlWord.Share;
                if (word.SequenceEqual("chain"u8)) return SqlWord.Chain;
                if (word.SequenceEqual("merge"u8)) return SqlWord.Insert;
                break;
            case 6:
                if (word.SequenceEqual("update"u8)) return SqlWord.Update;
                if (word.SequenceEqual("create"u8)) return SqlWord.Create;
                if (word.SequenceEqual("insert"u8)) return SqlWord.Insert;
                if (word.SequenceEqual("atomic"u8)) return SqlWord.Atomic;
                if (word.SequenceEqual("global"u8)) return SqlWord.Local;
                break;
            case 7:
                if (word.SequenceEqual("session"u8)) return SqlWord.Session;
                if (word.SequenceEqual("execute"u8)) return SqlWord.Execute;
                if (word.SequenceEqual("prepare"u8)) return SqlWord.Prepare;
                if (word.SequenceEqual("replace"u8)) return SqlWord.Replace;
                break;
            case 8:
                if (word.SequenceEqual("function"u8)) return SqlWord.Routine;
                if (word.SequenceEqual("prepared"u8)) return SqlWord.Prepared;
                break;
            case 9:
                if (word.SequenceEqual("temporary"u8)) return SqlWord.Temporary;
                if (word.SequenceEqual("procedure"u8)) return SqlWord.Routine;
                break;
            case 10:
                if (word.SequenceEqual("set_config"u8)) return SqlWord.SetConfig;
                break;
            case 11:
                if (word.SequenceEqual("pg_settings"u8)) return SqlWord.PgSettings;
                if (word.SequenceEqual("transaction"u8)) return SqlWord.Transaction;
                if (word.SequenceEqual("constraints"u8)) return SqlWord.Constraints;
                break;
            case 13:
                if (word.SequenceEqual("authorization"u8)) return SqlWord.Authorization;
                break;
            case 15:
                if (word.SequenceEqual("characteristics"u8)) return SqlWord.Characteristics;
                break;
        }

        return SqlWord.Other;
    }

    /// <summary>What it may do to call, or to name, something of that name.</summary>
    public static StatementTraits OfName(ReadOnlySpan<byte> name)
    {
        if (name.Length < 6)
            return StatementTraits.None;
        StatementTraits settles = SettledConstant.IsName(name) ? StatementTraits.SettlesConstant : StatementTraits.None;
        return settles | name[0] switch
        {
            (byte)'n' when name.SequenceEqual("nextval"u8) => StatementTraits.UsesSequence,
            (byte)'s' when name.SequenceEqual("setval"u8) => StatementTraits.UsesSequence,
            (byte)'p' when name.StartsWith("pg_temp"u8) => StatementTraits.MakesTemporary,
            (byte)'p' when name.StartsWith("pg_advisory_lock"u8) || name.StartsWith("pg_try_advisory_lock"u8) =>
                StatementTraits.TakesAdvisoryLock,
            (byte)'p' when name.SequenceEqual("pg_advisory_unlock_all"u8) => StatementTraits.ReleasesState,
            _ => StatementTraits.None,
        };
    }
}
