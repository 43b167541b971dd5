namespace PoolProxy.Core.Notifications;

/// <summary>One channel at the server that listens. Owned by that server's loop.</summary>
internal sealed class ListenedChannel(string name)
{
    public string Name { get; } = name;

    /// <summary>The loops' shares that want it, each with the form that it knows it by.</summary>
    public Dictionary<ListeningShare, SharedChannel> Wanting { get; } = [];

    /// <summary>LISTEN is committed on the server, and no UNLISTEN was sent.</summary>
    public bool IsListened { get; set; }
}
