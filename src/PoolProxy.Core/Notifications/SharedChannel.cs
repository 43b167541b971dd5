namespace PoolProxy.Core.Notifications;

/// <summary>One channel for the clients of one loop. When the last of them lets it go this object is done with, and the next claim makes another.</summary>
internal sealed class SharedChannel(string name)
{
    private ClientChannels[]? _present;

    public string Name { get; } = name;

    /// <summary>Everything that is committed on the channel from here on reaches this loop.</summary>
    public bool IsListened { get; set; }

    /// <summary>The clients for which it is kept: those that listen, and those that are about to.</summary>
    public HashSet<ClientChannels> Claimants { get; } = [];

    /// <summary>The claimants of this moment, to be gone through while they may leave.</summary>
    public ClientChannels[] Present => _present ??= [.. Claimants];

    public void Add(ClientChannels client)
    {
        Claimants.Add(client);
        _present = null;
    }

    public void Remove(ClientChannels client)
    {
        Claimants.Remove(client);
        _present = null;
    }
}
