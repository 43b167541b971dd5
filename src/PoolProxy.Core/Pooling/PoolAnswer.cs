using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Pooling;

/// <summary>What a pool's state has decided; the loop that asked carries it out, outside of the gate.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Server">The server concerned.</param>
/// <param name="Waiter">Who gets it.</param>
/// <param name="Ticket">The waiter's ticket at the promise.</param>
/// <param name="Limit">The limit that has no room.</param>
/// <param name="Epoch">The epoch of a server to be opened.</param>
/// <param name="IsReserve">It is one of the reserve.</param>
internal readonly record struct PoolAnswer(
    PoolAnswerKind Kind, ServerConnection? Server = null, WaiterNode? Waiter = null, long Ticket = 0, ConnectionLimit? Limit = null, int Epoch = 0, bool IsReserve = false)
{
    /// <summary>Nothing can be done now.</summary>
    public static PoolAnswer Wait { get; } = new(PoolAnswerKind.Wait);
}
