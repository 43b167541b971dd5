using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Admin;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Reloading;

namespace PoolProxy.Core;

/// <summary>The process as its console has it.</summary>
internal sealed class ProxyControl(ProxyServer server, ProxyListeners listeners, ProxyJudgement judgement, Reloader reloader) : IConsoleControl
{
    /// <inheritdoc/>
    public TokenAuthenticator? Tokens => judgement.Tokens;

    /// <inheritdoc/>
    public IListenerControl Listeners => listeners;

    /// <inheritdoc/>
    public async Task<ReloadOutcome> ReloadAsync() => new(await reloader.ReloadAsync());

    /// <inheritdoc/>
    public async Task<ReloadOutcome> SetAsync(Setting<ProxySettings> setting, string value) => new(await reloader.SetAsync(setting, value));

    /// <inheritdoc/>
    public Task HandOverAsync(int? successor) => server.HandOverAsync(successor);

    /// <inheritdoc/>
    public void Shutdown(ShutdownMode mode) => server.ShutdownSoon(mode);
}
