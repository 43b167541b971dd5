using PoolProxy.Core.Transport;

namespace PoolProxy.Core.Backend;

/// <summary>A server that is logged in and that nothing was said to since.</summary>
/// <param name="Channel">What came behind its first ReadyForQuery is unread in it.</param>
/// <param name="Facts">What its login taught.</param>
internal sealed record OpenedServer(ColdChannel Channel, ServerFacts Facts);
