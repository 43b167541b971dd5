using PoolProxy.Identity.Keys;

namespace PoolProxy.Core.Authentication.Keys;

/// <summary>What a fetch brought: a key set, or a sentence on why not. Exactly one of them.</summary>
/// <param name="KeySet">The keys.</param>
/// <param name="Fault">What went wrong; holds no bytes of any document.</param>
internal readonly record struct KeyFetch(KeySet? KeySet, string? Fault)
{
    public static KeyFetch Of(KeySet keySet) => new(keySet, null);

    public static KeyFetch Failed(string fault) => new(null, fault);
}
