using PoolProxy.Identity.Keys;

namespace PoolProxy.Core.Authentication.Keys;

/// <summary>An issuer's keys as they were last seen. Immutable.</summary>
/// <param name="Keys">The keys.</param>
/// <param name="SeenAt">When the issuer last confirmed them, as a timestamp of the time provider.</param>
internal sealed record KeySnapshot(KeySet Keys, long SeenAt);
