using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Pooling;

/// <summary>One host to try for a new server connection.</summary>
/// <param name="Index">Its place in the pool's list.</param>
/// <param name="Target">Where and how, with what is demanded of it in this try.</param>
internal readonly record struct HostCandidate(int Index, ServerTarget Target);
