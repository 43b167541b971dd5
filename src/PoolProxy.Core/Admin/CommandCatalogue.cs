using System.Collections.Frozen;
using PoolProxy.Core.Admin.Control;
using PoolProxy.Core.Admin.Show;

namespace PoolProxy.Core.Admin;

/// <summary>Every command of the console, by what comes behind SHOW, or by itself. What drivers send besides is in Chatter.</summary>
internal static class CommandCatalogue
{
    private static readonly FrozenDictionary<string, ShowCommand> Shows = new ShowCommand[]
    {
        new ShowHelp(), new ShowConfig(), new ShowDatabases(), new ShowPools(), new ShowClients(), new ShowServers(), new ShowUsers(), new ShowVersion(),
        new ShowPeers(), new ShowPeerPools(), new ShowFds(), new ShowSockets(), new ShowActiveSockets(), new ShowLists(), new ShowMem(), new ShowState(),
        new ShowDnsHosts(), new ShowDnsZones(), new ShowStats(), new ShowStatsTotals(), new ShowStatsAverages(), new ShowTotals(),
        new ShowLoops(), new ShowIdentities(), new ShowIssuers(), new ShowRules(), new ShowBans(), new ShowDenials(),
        new ShowSessions(), new ShowRevocations(), new ShowHosts(),
    }.ToFrozenDictionary(command => command.Noun, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, ConsoleCommand> Controls = new ConsoleCommand[]
    {
        new Pause(), new Resume(), new Disable(), new Enable(), new Reconnect(), new Kill(), new KillClient(), new Reload(), new Suspend(),
        new Shutdown(), new WaitClose(), new Unban(),
    }.ToFrozenDictionary(command => command.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Those that hold their own words (<see cref="Language.RevocationParser"/>): an example of each.</summary>
    private static readonly ConsoleCommand[] Phrases = [new KillIdentity("", null), new Revoke([]), new Unrevoke([])];

    /// <summary>All of them.</summary>
    public static IEnumerable<ConsoleCommand> All => Shows.Values.Concat(Controls.Values).Concat(Phrases);

    /// <summary>The command SHOW <paramref name="noun"/>, or null.</summary>
    public static ShowCommand? FindShow(string noun) => Shows.GetValueOrDefault(noun);

    /// <summary>The command of that name, or null.</summary>
    public static ConsoleCommand? FindControl(string name) => Controls.GetValueOrDefault(name);
}
