using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Audit;

/// <summary>Where records go, and how many may wait; immutable.</summary>
/// <param name="Target">Null where the trail is off.</param>
/// <param name="Key">The chain's, or null.</param>
/// <param name="Capacity">Records that may wait.</param>
/// <param name="Blocks"><c>overflow = "block"</c>.</param>
internal sealed record AuditQueueSettings(LineTarget? Target, byte[]? Key, int Capacity, bool Blocks);
