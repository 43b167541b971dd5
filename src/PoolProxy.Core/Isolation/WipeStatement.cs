namespace PoolProxy.Core.Isolation;

/// <summary>
/// A statement of message 1, and the tag that confirms it. Each is a Parse, a Bind and an Execute without Sync, so that whatever fails takes
/// the rest of the prelude and the client's bytes along (isolation.md §3).
/// </summary>
/// <param name="Sql">Its text.</param>
/// <param name="Tag">What CommandComplete says of it.</param>
internal sealed record WipeStatement(byte[] Sql, byte[] Tag)
{
    private static readonly WipeStatement[] Everything = [Of("DISCARD ALL"u8, "DISCARD ALL"u8)];

    /// <summary>
    /// As discard.c does it for DISCARD ALL, without DeallocateAll and without forgetting plans: those of statements that stay are made anew by
    /// PostgreSQL itself where the role matters to them.
    /// </summary>
    private static readonly WipeStatement[] EverythingButStatements =
    [
        Of("CLOSE ALL"u8, "CLOSE CURSOR ALL"u8),
        Of("SET SESSION AUTHORIZATION DEFAULT"u8, "SET"u8),
        Of("RESET ALL"u8, "RESET"u8),
        Of("UNLISTEN *"u8, "UNLISTEN"u8),

        // No row comes of it: what the function answers is not null.
        Of("SELECT WHERE pg_catalog.pg_advisory_unlock_all() IS NULL"u8, "SELECT 0"u8),
        Of("DISCARD TEMP"u8, "DISCARD TEMP"u8),
        Of("DISCARD SEQUENCES"u8, "DISCARD SEQUENCES"u8),
    ];

    /// <summary>The statements of a wipe, in order.</summary>
    public static ReadOnlySpan<WipeStatement> Of(PreludeWipe wipe) => wipe switch
    {
        PreludeWipe.All => Everything,
        PreludeWipe.AllButStatements => EverythingButStatements,
        _ => [],
    };

    private static WipeStatement Of(ReadOnlySpan<byte> sql, ReadOnlySpan<byte> tag) => new(sql.ToArray(), tag.ToArray());
}
