namespace PoolProxy.Protocol.Sql;

/// <summary>Reads the tag of a CommandComplete. Source: src/include/tcop/cmdtaglist.h.</summary>
public static class CommandTag
{
    /// <summary>What the tag says; the tag is given without its terminator.</summary>
    public static CommandTagKind Classify(ReadOnlySpan<byte> tag)
    {
        // By length first: the tags of queries end in a count and so mostly match none by length and first letter.
        switch (tag.Length)
        {
            case 3:
                return tag.SequenceEqual("SET"u8) ? CommandTagKind.Set : CommandTagKind.Other;
            case 4:
                return tag.SequenceEqual("LOAD"u8) ? CommandTagKind.Load : CommandTagKind.Other;
            case 5:
                if (tag.SequenceEqual("BEGIN"u8)) return CommandTagKind.Begin;
                return tag.SequenceEqual("RESET"u8) ? CommandTagKind.Reset : CommandTagKind.Other;
            case 6:
                if (tag.SequenceEqual("COMMIT"u8)) return CommandTagKind.Commit;
                return tag.SequenceEqual("LISTEN"u8) ? CommandTagKind.Listen : CommandTagKind.Other;
            case 7:
                if (tag.SequenceEqual("RELEASE"u8)) return CommandTagKind.Release;
                return tag.SequenceEqual("PREPARE"u8) ? CommandTagKind.Prepare : CommandTagKind.Other;
            case 8:
                if (tag.SequenceEqual("ROLLBACK"u8)) return CommandTagKind.Rollback;
                return tag.SequenceEqual("UNLISTEN"u8) ? CommandTagKind.Unlisten : CommandTagKind.Other;
            case 9:
                return tag.SequenceEqual("SAVEPOINT"u8) ? CommandTagKind.Savepoint : CommandTagKind.Other;
            case 10:
                return tag.SequenceEqual("DEALLOCATE"u8) ? CommandTagKind.Deallocate : CommandTagKind.Other;
            case 11:
                return tag.SequenceEqual("DISCARD ALL"u8) ? CommandTagKind.DiscardAll : CommandTagKind.Other;
            case 12:
                return tag.SequenceEqual("DISCARD TEMP"u8) ? CommandTagKind.DiscardTemp : CommandTagKind.Other;
            case 13:
                return tag.SequenceEqual("DISCARD PLANS"u8) ? CommandTagKind.DiscardPlans : CommandTagKind.Other;
            case 14:
                if (tag.SequenceEqual("DEALLOCATE ALL"u8)) return CommandTagKind.DeallocateAll;
                return tag.SequenceEqual("DECLARE CURSOR"u8) ? CommandTagKind.DeclareCursor : CommandTagKind.Other;
            case 17:
                if (tag.SequenceEqual("START TRANSACTION"u8)) return CommandTagKind.Begin;
                return tag.SequenceEqual("DISCARD SEQUENCES"u8) ? CommandTagKind.DiscardSequences : CommandTagKind.Other;
            case 19:
                return tag.SequenceEqual("PREPARE TRANSACTION"u8) ? CommandTagKind.PrepareTransaction : CommandTagKind.Other;
            default:
                return CommandTagKind.Other;
        }
    }
}
