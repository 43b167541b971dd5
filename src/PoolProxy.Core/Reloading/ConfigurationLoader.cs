using PoolProxy.Configuration;
using PoolProxy.Configuration.Change;
using PoolProxy.Configuration.Ini;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Audit;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Authentication.Revocation;
using PoolProxy.Identity.Revocation;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Transport.Tls;
using PoolProxy.Protocol.Authentication;

namespace PoolProxy.Core.Reloading;

/// <summary>
/// Reads a pool.toml and every file that it names, and collects all faults of all of them. All or nothing: with a fault there is no
/// configuration. Blocks on files; never called on a loop.
/// </summary>
internal static class ConfigurationLoader
{
    /// <summary>The configuration, or null with the faults, each a line that names its place.</summary>
    public static LoadedConfiguration? Load(string path, ICollection<string> faults) =>
        Load(path, faults, ConfigurationChange.None)?.Loaded;

    /// <summary>
    /// As the other, for a proxy that runs: <paramref name="compare"/> says what of the file comes into force, and only that is compiled.
    /// </summary>
    public static (LoadedConfiguration Loaded, ConfigurationChange Change)? Load(
        string path, ICollection<string> faults, Func<ProxyConfiguration, ConfigurationChange> compare)
    {
        byte[] text;
        try
        {
            text = File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{path}: {failure.Message}");
            return null;
        }

        var result = ConfigurationFiles.Read(text, path);
        foreach (var fault in result.Faults)
        {
            faults.Add(fault.ToString());
        }

        if (result.Configuration is not { } configuration)
        {
            return null;
        }

        var change = compare(Resolve(configuration, path));
        return Compile(change.Applied, path, result.Positions, faults) is { } loaded ? (loaded with { Notes = result.Notes }, change) : null;
    }

    /// <summary>A configuration without faults of its own, with the files that it names; relative ones lie beside <paramref name="path"/>.</summary>
    public static LoadedConfiguration? Compile(ProxyConfiguration wanted, string path, SourceMap positions, ICollection<string> faults)
    {
        var configuration = Resolve(wanted, path);
        var users = ReadUsers(configuration, positions, faults);
        var hba = AccessFilesReader.Read(configuration, positions, faults);
        TokenPolicies? tokens = null;
        if (configuration.Issuers.Count > 0 && !TokenPolicies.TryCompile(configuration, out tokens, out var tokenFaults))
        {
            Add(faults, tokenFaults.Select(fault => positions.Fault(fault.Message, null, fault.Path).ToString()));
        }

        var tls = CompileTls(configuration.Proxy, positions, faults);
        var routeFaults = new List<string>();
        var routes = RoutePlan.TryCompile(configuration, users, routeFaults);
        Add(faults, routeFaults);
        var auditKey = ReadAuditKey(configuration.Audit, positions, faults);
        var revocations = configuration.Revocation is { File: null or "", StateFile: null or "" } ? null : ReadRevocations(configuration, positions, faults);
        var transmitters = EventTransmitter.Read(configuration, (issuer, fault) => faults.Add(positions.Fault($"events_token_file: {fault}", null, "issuers", issuer, "events_token_file").ToString()));
        return faults.Count == 0
            ? new LoadedConfiguration(configuration, users, hba, tokens, tls, routes!, auditKey) { Revocations = revocations, Transmitters = transmitters }
            : null;
    }

    private static FiledRevocations ReadRevocations(ProxyConfiguration configuration, SourceMap positions, ICollection<string> faults) =>
        new(ReadRevoked(configuration, positions, faults), ReadSaved(configuration, positions, faults));

    private static RevocationSet? ReadRevoked(ProxyConfiguration configuration, SourceMap positions, ICollection<string> faults)
    {
        if (configuration.Revocation.File is not { Length: > 0 } file)
        {
            return null;
        }

        var revoked = RevocationFiles.ReadWatched(configuration, file, TimeProvider.System.GetUtcNow(), out var fault);
        if (fault is not null)
        {
            faults.Add(positions.Fault($"file: {fault}", null, "revocation", "file").ToString());
        }

        return revoked;
    }

    private static RevocationSet? ReadSaved(ProxyConfiguration configuration, SourceMap positions, ICollection<string> faults)
    {
        if (configuration.Revocation.StateFile is not { Length: > 0 } file)
        {
            return null;
        }

        // Without it revoked tokens would be good again: better no proxy than that.
        var saved = RevocationFiles.ReadState(configuration, file, TimeProvider.System.GetUtcNow(), out var fault);
        if (fault is not null)
        {
            faults.Add(positions.Fault($"state_file: {fault}", null, "revocation", "state_file").ToString());
        }

        return saved;
    }

    private static ProxyConfiguration Resolve(ProxyConfiguration configuration, string path) => NamedFiles.Resolve(configuration, ConfigurationFiles.FolderOf(path));

    private static UserDirectory ReadUsers(ProxyConfiguration configuration, SourceMap positions, ICollection<string> faults)
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        var file = configuration.Proxy.AuthFile;
        if (file.Length > 0)
        {
            try
            {
                var list = UserlistReader.Read(File.ReadAllText(file), file);
                Add(faults, list.Faults.Select(fault => fault.ToString()));
                foreach (var (user, secret) in list.Users)
                {
                    secrets[user] = secret.Value;
                    if (ScramVerifier.IsUnusable(secret.Value))
                    {
                        faults.Add($"{file}: {UnusableVerifierOf(user)}");
                    }
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                faults.Add(positions.Fault($"auth_file: {failure.Message}", null, "proxy", "auth_file").ToString());
            }
        }

        foreach (var user in configuration.Users.Values)
        {
            if (ScramVerifier.IsUnusable(user.Password?.Value))
            {
                faults.Add(positions.Fault(UnusableVerifierOf(user.Name), null, "users", user.Name, "password").ToString());
            }

            secrets[user.Name] = user.Password?.Value ?? secrets.GetValueOrDefault(user.Name, "");
        }

        return new UserDirectory(secrets, configuration.Proxy);
    }

    private static string UnusableVerifierOf(string user) => $"the SCRAM verifier of user \"{user}\" is malformed, or has more than {Scram.MaxIterations} iterations";

    private static TlsServerContext? CompileTls(ProxySettings proxy, SourceMap positions, ICollection<string> faults)
    {
        if (proxy.ClientTlsSslmode == TlsMode.Disable)
        {
            return null;
        }

        var found = new List<TlsFault>();
        var tls = TlsServerContext.TryCreate(TlsSettings.ForClients(proxy), found);
        foreach (var fault in found)
        {
            faults.Add(positions.Fault(fault.Message, fault.Hint, "proxy", fault.Setting).ToString());
        }

        return tls;
    }

    private static byte[]? ReadAuditKey(AuditSettings audit, SourceMap positions, ICollection<string> faults)
    {
        if (audit.ChainKey.Length == 0)
        {
            return null;
        }

        try
        {
            return ChainHasher.ReadKey(audit.ChainKey);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            faults.Add(positions.Fault($"chain_key: {failure.Message}", null, "audit", "chain_key").ToString());
            return null;
        }
    }

    private static void Add(ICollection<string> faults, IEnumerable<string> more)
    {
        foreach (var fault in more)
        {
            faults.Add(fault);
        }
    }
}
