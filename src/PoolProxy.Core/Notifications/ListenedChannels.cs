using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Notifications;

/// <summary>
/// The channels of a server that listens: which loops want which, and which of them the server is listening on. Loops are told what becomes of what they
/// want. Owned by that server's loop.
/// </summary>
internal sealed class ListenedChannels
{
    private const int MaxChangesAtOnce = 256;

    private readonly Dictionary<string, ListenedChannel> _channels = new(StringComparer.Ordinal);

    public int Count => _channels.Count;

    public bool IsAnyWanted => _channels.Values.Any(channel => channel.Wanting.Count > 0);

    /// <summary>A loop wants a channel. False where it is listened on already.</summary>
    public bool Want(ListeningShare share, SharedChannel wanted)
    {
        if (!_channels.TryGetValue(wanted.Name, out var channel))
        {
            _channels.Add(wanted.Name, channel = new ListenedChannel(wanted.Name));
        }

        channel.Wanting[share] = wanted;
        if (channel.IsListened)
        {
            share.PostListened(wanted);
        }

        return !channel.IsListened;
    }

    /// <summary>It does not want it any more.</summary>
    public void Unwant(ListeningShare share, SharedChannel unwanted)
    {
        if (_channels.TryGetValue(unwanted.Name, out var channel) && channel.Wanting.TryGetValue(share, out var known) && ReferenceEquals(known, unwanted))
        {
            channel.Wanting.Remove(share);
        }
    }

    /// <summary>What the server is to be told now. Channels to be given up are so at once: whoever wants one from here on waits for a LISTEN behind this.</summary>
    public (ListenedChannel[] Listens, ListenedChannel[] Unlistens) TakeChanges()
    {
        var listens = _channels.Values.Where(channel => !channel.IsListened && channel.Wanting.Count > 0).Take(MaxChangesAtOnce).ToArray();
        var unlistens = _channels.Values.Where(channel => channel.Wanting.Count == 0).Take(MaxChangesAtOnce).ToArray();
        foreach (var channel in unlistens)
        {
            _channels.Remove(channel.Name);
        }

        return (listens, Array.FindAll(unlistens, channel => channel.IsListened));
    }

    /// <summary>LISTEN is committed.</summary>
    public static void Listened(ListenedChannel[] channels)
    {
        foreach (var channel in channels)
        {
            channel.IsListened = true;
            foreach (var (share, wanted) in channel.Wanting)
            {
                share.PostListened(wanted);
            }
        }
    }

    /// <summary>LISTEN has failed.</summary>
    public void Fail(IEnumerable<ListenedChannel> channels, ProxyError error)
    {
        foreach (var channel in channels.ToArray())
        {
            _channels.Remove(channel.Name);
            foreach (var (share, wanted) in channel.Wanting)
            {
                share.PostFailed(wanted, error);
            }
        }
    }

    /// <summary>Nothing can be listened on.</summary>
    public void FailAll(ProxyError error) => Fail(_channels.Values, error);

    /// <summary>Goes to the loops that want its channel.</summary>
    public void Notify(Notification notification)
    {
        if (_channels.TryGetValue(notification.Channel, out var channel))
        {
            foreach (var share in channel.Wanting.Keys)
            {
                share.PostNotified(notification);
            }
        }
    }

    public void Clear() => _channels.Clear();
}
