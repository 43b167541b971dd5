using System.Globalization;

namespace PoolProxy.Core.Backend;

/// <summary>
/// Asks a server what it is. From version 14 on a login tells most of it by itself, but not the timeline; one question serves all versions and
/// costs one round trip of a login. Names are qualified: whatever the search_path holds, these are the catalogue's own.
/// </summary>
internal static class HostQuestion
{
    private const string InsufficientPrivilege = "42501";

    private const string Nature = "select pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only')";

    private const string Timeline = """
        , case when pg_catalog.pg_is_in_recovery() then ''
            else pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8) end
        """;

    /// <exception cref="ServerLoginException">The server does not say.</exception>
    public static async Task<HostNature> AskAsync(ServerDialogue dialogue)
    {
        List<string[]> rows;
        try
        {
            rows = await dialogue.QueryAsync(Nature + Timeline);
        }
        catch (ServerLoginException refusal) when (refusal.SqlState == InsufficientPrivilege)
        {
            // Everybody may call these, unless an administrator has revoked that: then timelines are not told apart.
            rows = await dialogue.QueryAsync(Nature);
        }

        if (rows is not [[var recovery, var readOnly, ..] row])
        {
            throw new ServerLoginException("the server does not say whether it is a standby");
        }

        var timeline = row.Length > 2 && uint.TryParse(row[2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return new HostNature(recovery == "t", readOnly == "on", timeline);
    }
}
