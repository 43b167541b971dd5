using Microsoft.Extensions.Logging;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Reloading;

namespace PoolProxy.Core;

/// <summary>Whom the proxy believes, by the configuration in force: the issuers and what their tokens open, what was revoked, and whom an issuer is asked about again.</summary>
internal sealed class ProxyJudgement : IDisposable
{
    private readonly SharedServices _shared;
    private readonly ILogger _log;
    private readonly RevocationWatch _revocationWatch;
    private readonly SessionRecheck _recheck;

    public ProxyJudgement(SharedServices shared, ILogger log)
    {
        (_shared, _log) = (shared, log);
        _revocationWatch = new RevocationWatch(shared.Revocations, TimeProvider.System, log);
        _recheck = new SessionRecheck(shared, () => Tokens, TimeProvider.System);
    }

    /// <summary>The issuers and rules in force; null where there are none.</summary>
    public TokenAuthenticator? Tokens { get; private set; }

    /// <summary>A configuration comes into force.</summary>
    public void Apply(LoadedConfiguration loaded)
    {
        _shared.Guard.Apply(loaded.Configuration);
        _shared.Resolver.Apply(loaded.Configuration.Proxy);
        _shared.Revocations.Registry.MaxEntries = loaded.Configuration.Revocation.MaxEntries;
        _shared.Revocations.Keep = loaded.Configuration.RevocationKeep;
        _shared.Revocations.StateFile = loaded.Configuration.Revocation.StateFile;
        _shared.Revocations.Registry.Apply(loaded.Revocations);
        _revocationWatch.Apply(loaded.Configuration);
        if (loaded.Tokens is not { } policies)
        {
            return;
        }

        if (Tokens is null)
        {
            Tokens = new TokenAuthenticator(policies, TimeProvider.System, _log, _shared.Revocations.Registry);
        }
        else
        {
            Tokens.Reload(policies);
        }

        _recheck.Apply();
    }

    /// <summary>Nobody is looked at again.</summary>
    public async Task StopAsync()
    {
        await _revocationWatch.DisposeAsync();
        await _recheck.DisposeAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => Tokens?.Dispose();
}
