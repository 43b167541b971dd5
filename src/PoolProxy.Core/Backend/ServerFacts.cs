using PoolProxy.Core.Backend.Parameters;

namespace PoolProxy.Core.Backend;

/// <summary>What a login taught about a server: the parameters it reported, its process and the key to cancel it.</summary>
/// <param name="ProcessId">The backend's process id.</param>
/// <param name="CancelKey">The secret of BackendKeyData: 4 bytes, up to 256 from protocol 3.2 on.</param>
/// <param name="Parameters">Tracked parameters as they stood at the first ReadyForQuery.</param>
/// <param name="Reported">Everything reported, in order, for the welcome of clients: name and value.</param>
internal sealed record ServerFacts(
    int ProcessId,
    byte[] CancelKey,
    ParameterSet Parameters,
    IReadOnlyList<KeyValuePair<string, string>> Reported)
{
    /// <summary>The login was proven by a password, in whatever form; else by a certificate, by the operating system, or not at all.</summary>
    public bool IsByPassword { get; init; }

    /// <summary>Whether it is a primary or a standby, where that was asked; else null.</summary>
    public HostNature? Nature { get; init; }

    /// <summary>For signed identities; null where nothing is signed.</summary>
    public BackendSession? Session { get; init; }
}
