using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW HELP: the commands, as a NOTICE.</summary>
internal sealed class ShowHelp : ShowCommand
{
    private const string Commands =
        "\n\tSHOW HELP|CONFIG|DATABASES|POOLS|CLIENTS|SERVERS|USERS|VERSION"
        + "\n\tSHOW PEERS|PEER_POOLS"
        + "\n\tSHOW FDS|SOCKETS|ACTIVE_SOCKETS|LISTS|MEM|STATE"
        + "\n\tSHOW DNS_HOSTS|DNS_ZONES"
        + "\n\tSHOW STATS|STATS_TOTALS|STATS_AVERAGES|TOTALS"
        + "\n\tSHOW IDENTITIES|ISSUERS|RULES|LOOPS"
        + "\n\tSHOW BANS|DENIALS"
        + "\n\tSHOW SESSIONS|REVOCATIONS"
        + "\n\tSET <key> = <value>"
        + "\n\tRELOAD"
        + "\n\tPAUSE [<db>]"
        + "\n\tRESUME [<db>]"
        + "\n\tSUSPEND"
        + "\n\tDISABLE <db>"
        + "\n\tENABLE <db>"
        + "\n\tRECONNECT [<db>]"
        + "\n\tKILL [<db>]"
        + "\n\tKILL_CLIENT <client_id>"
        + "\n\tUNBAN '<name>'|ALL"
        + "\n\tKILL IDENTITY '<sub>' [issuer '<name>']"
        + "\n\tREVOKE jti|sub|sid|issuer|before '<value>' [issuer '<name>'] [until '<time>' | for '<time span>'] [reason '<text>']"
        + "\n\tUNREVOKE jti|sub|sid|issuer|before '<value>' [issuer '<name>']"
        + "\n\tSHUTDOWN"
        + "\n\tSHUTDOWN WAIT_FOR_SERVERS|WAIT_FOR_CLIENTS"
        + "\n\tWAIT_CLOSE [<db>]";

    private static readonly ProxyError Usage = ConsoleErrors.ConsoleUsage(Commands);

    /// <inheritdoc/>
    public override string Noun => "help";

    /// <inheritdoc/>
    protected override Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request) => Task.FromResult(ConsoleAnswer.Done("SHOW", Usage));

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) => [];
}
