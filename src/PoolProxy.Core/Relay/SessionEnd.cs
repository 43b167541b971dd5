using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Relay;

/// <summary>When a session ends by its rule, and what the client is told then. A transaction is let finish as at the end of a token.</summary>
/// <param name="AtMilliseconds">On the loop's clock.</param>
/// <param name="Error">The words.</param>
internal sealed record SessionEnd(long AtMilliseconds, ProxyError Error);
