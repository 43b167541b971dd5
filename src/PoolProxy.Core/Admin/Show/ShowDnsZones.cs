using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW DNS_ZONES: the zones of the host names that were looked up, their serials (0 before the first check), and how many names each has.</summary>
internal sealed class ShowDnsZones : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "dns_zones";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Text("zonename"), new Column("serial", TypeOid.Int8), Int("count")];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) =>
        view.Shared.Resolver.Zones.All.Select(zone => (object?[])[zone.Name, (long)zone.Serial, zone.Count]);
}
