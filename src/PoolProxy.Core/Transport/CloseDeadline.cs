using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Transport;

/// <summary>How long a closed connection may take to get rid of its backlog.</summary>
internal sealed class CloseDeadline(Connection connection) : TimerNode
{
    /// <summary>In milliseconds.</summary>
    public const long PatienceMilliseconds = 5000;

    protected internal override void OnDue(long nowMilliseconds) => connection.Abort();
}
