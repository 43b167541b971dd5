using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW DNS_ZONES: none, because zones are not watched; a name is looked up again after dns_max_ttl.</summary>
internal sealed class ShowDnsZones : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "dns_zones";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Text("zonename"), new Column("serial", TypeOid.Int8), Int("count")];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) => [];
}
