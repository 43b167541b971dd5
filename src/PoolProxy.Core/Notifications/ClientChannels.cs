using System.Diagnostics;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core.Notifications;

/// <summary>
/// The channels of one client, for as long as it lives, and what waits to be passed on to it:
/// 1. before its LISTEN is sent the channel is claimed, so that nothing is missed from the moment it is committed;
/// 2. at the end of its transaction what it then listens on counts, and claims for anything else are given back;
/// 3. a notification goes out where the client stands between transactions, and waits otherwise, up to a bound.
/// Owned by the client's loop.
/// </summary>
internal sealed class ClientChannels(ListeningServers directory, Pool pool, ClientIdentity identity, Connection connection, string encoding, TimeSpan patience)
{
    /// <summary>A client listens on this many channels at most.</summary>
    public const int MaxChannels = 1024;

    /// <summary>
    /// What may wait for a client, in a transaction or slow to read; with more it is ended. Room for the burst of one large transaction: clients that wait
    /// for the same notifications share their bytes.
    /// </summary>
    public const int MaxWaitingBytes = 16 * 1024 * 1024;

    /// <summary>What a client has not taken yet of what was sent to it: no more is sent before.</summary>
    private const int MaxBacklogBytes = 64 * 1024;

    private readonly Dictionary<string, bool> _claims = new(StringComparer.Ordinal);
    private readonly HashSet<string> _active = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ProxyError> _failures = new(StringComparer.Ordinal);
    private readonly Queue<Notification> _waiting = [];
    private ListeningServer? _server;
    private ListeningShare? _share;
    private long _waitingBytes;
    private ProxyError? _loss;
    private bool _isOver;

    /// <summary>Whose they are: its relay, or what stands for it while it is parked.</summary>
    public required INotifiedClient Client { get; set; }

    /// <summary>How many it listens on.</summary>
    public int Count => _active.Count;

    /// <summary>A channel is waited for.</summary>
    public bool IsClaiming => _claims.ContainsValue(false);

    /// <summary>Channels are kept that the client does not listen on (yet).</summary>
    public bool HasLooseClaims => _claims.Count != _active.Count;

    /// <summary>Nothing is under way.</summary>
    public bool IsAtRest => !HasLooseClaims && _waiting.Count == 0 && _loss is null && _failures.Count == 0;

    /// <summary>Makes sure of a channel. False: that is under way, and the client is told. Whether it went well says <see cref="TakeFailure"/>.</summary>
    public bool TryClaim(string name)
    {
        if (_failures.ContainsKey(name))
        {
            return true;
        }

        if (_claims.TryGetValue(name, out var isListened))
        {
            return isListened;
        }

        if (_claims.Count >= MaxChannels)
        {
            _failures[name] = ProxyErrors.TooManyChannels(MaxChannels);
            return true;
        }

        if (_share is null)
        {
            _server = directory.Acquire(pool, identity, encoding, patience, out var refusal);
            if (_server is null)
            {
                _failures[name] = refusal!;
                return true;
            }

            _share = _server.ShareOf(pool.Loop);
        }

        isListened = _share.Claim(name, this, out var failure);
        if (failure is not null)
        {
            _failures[name] = failure;
            LeaveUnclaimed();
            return true;
        }

        _claims.Add(name, isListened);
        return isListened;
    }

    /// <summary>Why the channel cannot be listened on; once. Null where it is.</summary>
    public ProxyError? TakeFailure(string name) => _failures.Remove(name, out var failure) ? failure : null;

    /// <summary>
    /// What the client listens on from here on, as committed. <paramref name="isIdle"/>: its transaction is over, and nothing else is wanted for it.
    /// </summary>
    public void Settle(IReadOnlySet<string> channels, bool isIdle)
    {
        _active.Clear();
        foreach (var name in channels)
        {
            Debug.Assert(_claims.GetValueOrDefault(name) || _loss is not null, "claimed before it is sent");
            _active.Add(name);
        }

        if (isIdle && HasLooseClaims)
        {
            foreach (var name in _claims.Keys.Where(name => !_active.Contains(name)).ToArray())
            {
                _claims.Remove(name);
                _share?.Unclaim(name, this);
            }

            LeaveUnclaimed();
        }
    }

    /// <summary>The channel is listened on.</summary>
    public void Listened(string name)
    {
        if (_claims.TryGetValue(name, out var isListened) && !isListened)
        {
            _claims[name] = true;
            Client.ClaimSettled();
        }
    }

    /// <summary>It cannot be.</summary>
    public void ListenFailed(string name, ProxyError error)
    {
        if (_claims.Remove(name))
        {
            _failures[name] = error;
            LeaveUnclaimed();
            Client.ClaimSettled();
        }
    }

    /// <summary>Something was notified on a channel that is claimed.</summary>
    public void Notified(Notification notification)
    {
        if (_isOver || _loss is not null || !_active.Contains(notification.Channel))
        {
            return;
        }

        if (_waiting.Count == 0 && MaySend)
        {
            Send(notification);
            return;
        }

        _waiting.Enqueue(notification);
        _waitingBytes += notification.LengthBytes;
        if (_waitingBytes > MaxWaitingBytes)
        {
            _loss = ProxyErrors.NotificationsNotTaken(MaxWaitingBytes);
            Client.EndUnnotified(_loss);
        }
    }

    /// <summary>The server that listened is gone. The client hears of it as soon as its transaction is over.</summary>
    public void Lost(ProxyError error)
    {
        if (_isOver || _loss is not null)
        {
            return;
        }

        foreach (var name in _claims.Where(claim => !claim.Value).Select(claim => claim.Key).ToArray())
        {
            _claims.Remove(name);
            _share?.Unclaim(name, this);
            _failures[name] = error.AsError();
        }

        if (_claims.Count == 0)
        {
            // It has missed nothing: only its LISTEN fails.
            LeaveUnclaimed();
            Client.ClaimSettled();
            return;
        }

        _loss = error;
        Flush();
        if (!_isOver)
        {
            Client.ClaimSettled();
        }
    }

    /// <summary>The client may have come to a place where it can be told something, or has taken what it was sent.</summary>
    public void Flush()
    {
        while (_waiting.Count > 0 && !_isOver && MaySend)
        {
            var next = _waiting.Dequeue();
            _waitingBytes -= next.LengthBytes;
            if (_active.Contains(next.Channel))
            {
                Send(next);
            }
        }

        if (_loss is { } loss && !_isOver && _waiting.Count == 0 && Client.MayBeNotified)
        {
            Client.EndUnnotified(loss);
        }
    }

    /// <summary>The client has ended.</summary>
    public void End()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        foreach (var name in _claims.Keys)
        {
            _share?.Unclaim(name, this);
        }

        _claims.Clear();
        _active.Clear();
        _waiting.Clear();
        LeaveUnclaimed();
    }

    private bool MaySend => Client.MayBeNotified && connection.BacklogBytes <= MaxBacklogBytes;

    private void Send(Notification notification)
    {
        pool.Stats.SentBytes += notification.LengthBytes;
        connection.Send(notification.Wire);
    }

    /// <summary>Without a claim nothing ties it to the server that listens.</summary>
    private void LeaveUnclaimed()
    {
        if (_claims.Count == 0 && _server is { } server)
        {
            (_server, _share) = (null, null);
            directory.Release(server);
        }
    }
}
