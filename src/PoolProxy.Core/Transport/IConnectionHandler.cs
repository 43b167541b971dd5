using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Transport;

/// <summary>
/// Whoever a connection's bytes are for. Called on the connection's loop, from the top of a turn; it must not block, and must not keep
/// anything of a lease without copying it or sending it on.
/// </summary>
internal interface IConnectionHandler
{
    /// <summary>Plaintext has come. All of it is the handler's now: it is not shown again.</summary>
    void OnReceived(Connection connection, in ReceivedBytes bytes);

    /// <summary>The peer has taken the whole backlog.</summary>
    void OnDrained(Connection connection);

    /// <summary>
    /// Nothing more will come, once. The handler then calls <see cref="ConnectionLife.Close()"/> or <see cref="ConnectionLife.Abort"/>; after an end of
    /// stream it may send before that.
    /// </summary>
    void OnEnd(Connection connection, ConnectionEnd end);
}
