using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Reloading;

/// <summary>Files that a configuration names by a relative path lie beside it, wherever the process was started from.</summary>
internal static class NamedFiles
{
    public static ProxyConfiguration Resolve(ProxyConfiguration configuration, string folder)
    {
        string At(string file) => file.Length == 0 || file[0] == '@' ? file : Path.Combine(folder, file);
        string? AtIfSet(string? file) => file is null ? null : At(file);
        var proxy = configuration.Proxy;
        return configuration with
        {
            Proxy = proxy with
            {
                AuthFile = At(proxy.AuthFile),
                AuthHbaFile = At(proxy.AuthHbaFile),
                AuthIdentFile = At(proxy.AuthIdentFile),
                GeoipFile = At(proxy.GeoipFile),
                ClientTlsCaFile = At(proxy.ClientTlsCaFile),
                ClientTlsCrlFile = At(proxy.ClientTlsCrlFile),
                ClientTlsCertFile = At(proxy.ClientTlsCertFile),
                ClientTlsKeyFile = At(proxy.ClientTlsKeyFile),
                ResolvConf = At(proxy.ResolvConf),
                ServerTlsCaFile = At(proxy.ServerTlsCaFile),
                ServerTlsCertFile = At(proxy.ServerTlsCertFile),
                ServerTlsKeyFile = At(proxy.ServerTlsKeyFile),
                Logfile = At(proxy.Logfile),
                Pidfile = At(proxy.Pidfile),
                UnixSocketDir = At(proxy.UnixSocketDir),
            },
            Databases = configuration.Databases.ToDictionary(pair => pair.Key, pair => pair.Value with
            {
                ServerTlsCaFile = AtIfSet(pair.Value.ServerTlsCaFile),
                ServerTlsCertFile = AtIfSet(pair.Value.ServerTlsCertFile),
                ServerTlsKeyFile = AtIfSet(pair.Value.ServerTlsKeyFile),
            }),
            Issuers = configuration.Issuers.ToDictionary(pair => pair.Key, pair => pair.Value with
            {
                JwksFile = AtIfSet(pair.Value.JwksFile),
                IntrospectionSecretFile = AtIfSet(pair.Value.IntrospectionSecretFile),
                IntrospectionKeyFile = AtIfSet(pair.Value.IntrospectionKeyFile),
                IntrospectionHeadersFile = AtIfSet(pair.Value.IntrospectionHeadersFile),
                SamlCertFile = AtIfSet(pair.Value.SamlCertFile),
                CaFile = AtIfSet(pair.Value.CaFile),
                EventsTokenFile = AtIfSet(pair.Value.EventsTokenFile),
            }),
            Revocation = configuration.Revocation with { File = At(configuration.Revocation.File), StateFile = At(configuration.Revocation.StateFile) },
            Http = configuration.Http with { TlsCertFile = AtIfSet(configuration.Http.TlsCertFile), TlsKeyFile = AtIfSet(configuration.Http.TlsKeyFile) },
            Audit = configuration.Audit with
            {
                File = configuration.Audit.File is AuditSettings.Off or AuditSettings.StandardError ? configuration.Audit.File : At(configuration.Audit.File),
                ChainKey = At(configuration.Audit.ChainKey),
            },
        };
    }
}
