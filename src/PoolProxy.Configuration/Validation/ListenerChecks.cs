using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Validation;

/// <summary>Where the proxy listens, and settings of <c>[proxy]</c> that bound one another.</summary>
internal static class ListenerChecks
{
    public static void Check(ProxySettings proxy, Findings findings)
    {
        if (proxy.ListenAddr.Count == 0 && proxy.UnixSocketDir.Length == 0)
            findings.Add("the proxy listens nowhere", "Set listen_addr, or unix_socket_dir, which is off by default.", "proxy", "listen_addr");
        if (proxy.MaxStatementBytes > proxy.MaxPacketSize)
            findings.Add("max_statement_bytes is above max_packet_size", null, "proxy", "max_statement_bytes");
        foreach (var name in proxy.TrackExtraParameters.Where(ServerSettingNames.IsNeverTracked))
            findings.Add($"track_extra_parameters: \"{name}\" cannot follow a client to another server", null, "proxy", "track_extra_parameters");
    }
}
