using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Naming;

/// <summary>How names are looked up.</summary>
/// <param name="MaxTtl"><c>dns_max_ttl</c>.</param>
/// <param name="NxdomainTtl"><c>dns_nxdomain_ttl</c>.</param>
/// <param name="ZoneCheckPeriod"><c>dns_zone_check_period</c>; zero is never.</param>
/// <param name="ResolvConf"><c>resolv_conf</c>; empty is the system's.</param>
internal sealed record DnsSettings(TimeSpan MaxTtl, TimeSpan NxdomainTtl, TimeSpan ZoneCheckPeriod, string ResolvConf)
{
    public static DnsSettings Of(ProxySettings proxy) => new(proxy.DnsMaxTtl, proxy.DnsNxdomainTtl, proxy.DnsZoneCheckPeriod, proxy.ResolvConf);
}
