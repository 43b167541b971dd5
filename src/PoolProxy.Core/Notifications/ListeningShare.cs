using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Notifications;

/// <summary>
/// What one loop's clients have of a server that listens, wherever that lives: who wants which channel. It asks the server by messages, and the server
/// answers by messages, in order; so a channel's confirmation is there before its first notification. Owned by its loop.
/// </summary>
internal sealed class ListeningShare(ListeningServer server, Loop loop)
{
    private readonly Dictionary<string, SharedChannel> _channels = new(StringComparer.Ordinal);
    private ProxyError? _loss;

    public Loop Loop { get; } = loop;

    /// <summary>Keeps the channel for a client. True where it is listened on already; else the client is told.</summary>
    public bool Claim(string name, ClientChannels client, out ProxyError? failure)
    {
        Loop.AssertCurrent();
        failure = _loss?.AsError();
        if (failure is not null)
        {
            return false;
        }

        if (!_channels.TryGetValue(name, out var channel))
        {
            _channels.Add(name, channel = new SharedChannel(name));
            server.PostWant(this, channel);
        }

        channel.Add(client);
        return channel.IsListened;
    }

    /// <summary>The client does not want it any more.</summary>
    public void Unclaim(string name, ClientChannels client)
    {
        Loop.AssertCurrent();
        if (!_channels.TryGetValue(name, out var channel))
        {
            return;
        }

        channel.Remove(client);
        if (channel.Claimants.Count == 0)
        {
            _channels.Remove(name);
            server.PostUnwant(this, channel);
        }
    }

    /// <summary>LISTEN is committed.</summary>
    public void PostListened(SharedChannel channel) => Post(channel, static (share, channel) =>
    {
        if (share.IsCurrent(channel))
        {
            channel.IsListened = true;
            foreach (var client in channel.Present)
            {
                client.Listened(channel.Name);
            }
        }
    });

    /// <summary>LISTEN has failed: nobody keeps the channel.</summary>
    public void PostFailed(SharedChannel channel, ProxyError error) => Post((channel, error), static (share, failed) =>
    {
        if (share.IsCurrent(failed.channel))
        {
            share._channels.Remove(failed.channel.Name);
            foreach (var client in failed.channel.Present)
            {
                client.ListenFailed(failed.channel.Name, failed.error);
            }
        }
    });

    /// <summary>A notification for whoever listens here.</summary>
    public void PostNotified(Notification notification) => Post(notification, static (share, notification) =>
    {
        if (share._channels.TryGetValue(notification.Channel, out var channel))
        {
            foreach (var client in channel.Present)
            {
                client.Notified(notification);
            }
        }
    });

    /// <summary>The server is gone, and with it what it would have said.</summary>
    public void PostLost(ProxyError error) => Post(error, static (share, error) =>
    {
        share._loss = error;
        foreach (var client in share._channels.Values.SelectMany(channel => channel.Claimants).Distinct().ToArray())
        {
            client.Lost(error);
        }
    });

    private bool IsCurrent(SharedChannel channel) => _channels.TryGetValue(channel.Name, out var known) && ReferenceEquals(known, channel);

    // Posted on its own loop too: no client is to be called from within its own call.
    private void Post<T>(T argument, Action<ListeningShare, T> action) => Loop.Post(
        static state =>
        {
            var (share, argument, action) = ((ListeningShare, T, Action<ListeningShare, T>))state!;
            action(share, argument);
        },
        (this, argument, action));
}
