using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Core.Frontend;

namespace PoolProxy.Core.Admin;

/// <summary>What belongs to the process, not to a loop: the composition root implements it. Called on any loop.</summary>
internal interface IConsoleControl
{
    /// <summary>The issuers and rules in force; null where there are none.</summary>
    TokenAuthenticator? Tokens { get; }

    /// <summary>RELOAD: reads the file again and puts it in force, or changes nothing.</summary>
    Task<ReloadOutcome> ReloadAsync();

    /// <summary>SET: changes that one setting as a RELOAD would, or nothing. The setting can be changed without a restart.</summary>
    Task<ReloadOutcome> SetAsync(Setting<ProxySettings> setting, string value);

    /// <summary>The listening sockets.</summary>
    IListenerControl Listeners { get; }

    /// <summary>The process that was passed the listening sockets goes on: this one stops accepting, gives up what the other needs, and goes when its clients have gone. Returns when the other may.</summary>
    /// <param name="successor">That process's number; null where the system does not say.</param>
    Task HandOverAsync(int? successor);

    /// <summary>SHUTDOWN: begins to go down, and returns.</summary>
    void Shutdown(ShutdownMode mode);
}
