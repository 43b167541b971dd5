using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Pooling;

/// <summary>A client's place in its person's share of a pool: made once for a client, so that waiting allocates nothing.</summary>
/// <param name="share">The share.</param>
/// <param name="loop">The client's loop.</param>
/// <param name="tell">Called on that loop when the client, having waited, may have a server.</param>
internal sealed class ShareNode(ServerShare share, Loop loop, Action tell)
{
    public Loop Loop { get; } = loop;

    /// <summary>It waits for others of its person; since when, on the loop's clock. The client's loop alone writes it.</summary>
    public long? WaitsSinceMilliseconds { get; private set; }

    /// <summary>Written under the share's gate.</summary>
    internal SharePlace Place { get; set; }

    internal int Most { get; set; }

    internal ShareNode? Next { get; set; }

    internal ShareNode? Previous { get; set; }

    /// <inheritdoc cref="ServerShare.TryHold"/>
    public bool TryHold(int most)
    {
        if (share.TryHold(this, most))
        {
            WaitsSinceMilliseconds = null;
            return true;
        }

        WaitsSinceMilliseconds ??= Loop.NowMilliseconds;
        return false;
    }

    /// <inheritdoc cref="ServerShare.Leave"/>
    public void Leave()
    {
        WaitsSinceMilliseconds = null;
        share.Leave(this);
    }

    internal void Tell()
    {
        // It may have left since, and even wait anew.
        if (WaitsSinceMilliseconds is not null)
        {
            tell();
        }
    }
}
