using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>The kinds of settings that say where servers are and what they have to be like.</summary>
internal static class ServerKinds
{
    public static readonly ServerHostsKind Hosts = new(CheckHost);

    public static readonly ChoiceKind<LoadBalanceHosts> LoadBalanceHosts = new(
        [("disable", Model.LoadBalanceHosts.Disable), ("round-robin", Model.LoadBalanceHosts.RoundRobin)]);

    public static readonly ChoiceKind<TargetSessionAttrs> TargetSessionAttrs = new(
        [
            ("any", Model.TargetSessionAttrs.Any), ("read-write", Model.TargetSessionAttrs.ReadWrite), ("read-only", Model.TargetSessionAttrs.ReadOnly),
            ("primary", Model.TargetSessionAttrs.Primary), ("standby", Model.TargetSessionAttrs.Standby), ("prefer-standby", Model.TargetSessionAttrs.PreferStandby),
        ]);

    public static readonly ChoiceKind<TlsNegotiation> TlsNegotiation = new([("postgres", Model.TlsNegotiation.Postgres), ("direct", Model.TlsNegotiation.Direct)]);

    public static readonly ChoiceKind<ChannelBindingMode> ChannelBinding = new(
        [("prefer", ChannelBindingMode.Prefer), ("require", ChannelBindingMode.Require), ("disable", ChannelBindingMode.Disable)]);

    public static SettingProblem? CheckHost(string host)
    {
        if (host.StartsWith('/')) return host.Length <= Bounds.SocketFolderLength ? null : new("the folder of the socket is too long", $"It may have {Bounds.SocketFolderLength} characters.");
        return Kinds.IsHost(host) ? null : new($"\"{host}\" is neither a host name, an address nor a folder that begins with /");
    }
}
