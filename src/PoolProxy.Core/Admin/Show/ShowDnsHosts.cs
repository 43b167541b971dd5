using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW DNS_HOSTS: host names looked up, how many seconds their addresses still hold, and the addresses.</summary>
internal sealed class ShowDnsHosts : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "dns_hosts";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Text("hostname"), new Column("ttl", TypeOid.Int8), Text("addrs")];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) =>
        view.Shared.Resolver.Names.Select(name => (object?[])[name.Host, Math.Max(0, (long)view.Proxy.DnsMaxTtl.TotalSeconds - (name.AgeMilliseconds / 1000)), string.Join(",", name.Addresses)]);
}
