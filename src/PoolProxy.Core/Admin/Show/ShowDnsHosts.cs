using System.Net;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW DNS_HOSTS: host names looked up, how many seconds their addresses still hold, and the addresses, which PgBouncer shows with a port of 0.</summary>
internal sealed class ShowDnsHosts : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "dns_hosts";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Text("hostname"), new Column("ttl", TypeOid.Int8), Text("addrs")];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) =>
        view.Shared.Resolver.Names.Select(name => (object?[])[name.Host, (long)name.Left.TotalSeconds, string.Join(",", name.Addresses.Select(address => new IPEndPoint(address, 0).ToString()))]);
}
