using System.Diagnostics;

namespace PoolProxy.Load.Driver;

/// <summary>
/// All clients of a run on the calling thread. One thread is enough: a transaction costs the client one send, one recv and its share of an epoll_wait,
/// and a second would only take the processor away from what is measured.
/// </summary>
internal sealed class ClientLoop : IDisposable
{
    private const int TurnMilliseconds = 50;
    private const int Sources = 250;

    /// <summary>How long nothing may happen before a run is void.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly EpollSet _epoll = new();
    private readonly List<Client> _clients = [];
    private int _source;

    /// <summary>What every read goes into; nothing in it outlives the call that read it.</summary>
    public byte[] Buffer { get; } = GC.AllocateUninitializedArray<byte>(256 * 1024, pinned: true);

    /// <summary>Keys of SCRAM logins.</summary>
    public ScramKeyCache Keys { get; } = new();

    /// <summary>The last octets of the address of the next connection: 127.0.0.2 and on.</summary>
    public int NextSource() => 2 + (_source++ % Sources);

    /// <summary>Takes a client in.</summary>
    public int Add(Client client)
    {
        _clients.Add(client);
        return _clients.Count - 1;
    }

    /// <summary>Watches a client's socket for reading, and for writing where asked.</summary>
    public void Watch(int descriptor, int client, bool isNew, bool writes)
    {
        uint what = writes ? LibC.EpollIn | LibC.EpollOut : LibC.EpollIn;
        if (isNew)
        {
            _epoll.Add(descriptor, client, what);
        }
        else
        {
            _epoll.Change(descriptor, client, what);
        }
    }

    /// <summary>Lets the clients go on for that long.</summary>
    public void RunFor(TimeSpan duration)
    {
        long started = Stopwatch.GetTimestamp();
        long last = started;
        for (TimeSpan left = duration; left > TimeSpan.Zero; left = duration - Stopwatch.GetElapsedTime(started))
        {
            Turn(Math.Clamp((int)left.TotalMilliseconds, 1, TurnMilliseconds), ref last);
        }
    }

    /// <summary>Lets the clients go on until the condition holds.</summary>
    /// <exception cref="BenchException">Nothing happened for half a minute.</exception>
    public void RunUntil(Func<bool> isDone)
    {
        long last = Stopwatch.GetTimestamp();
        while (!isDone())
        {
            Turn(TurnMilliseconds, ref last);
        }
    }

    /// <summary>Closes every socket.</summary>
    public void Dispose()
    {
        foreach (Client client in _clients)
        {
            client.Drop();
        }
        _epoll.Dispose();
    }

    private void Turn(int timeoutMilliseconds, ref long last)
    {
        int count = _epoll.Wait(timeoutMilliseconds);
        for (int index = 0; index < count; index++)
        {
            (int client, uint what) = _epoll[index];
            _clients[client].OnHappening(what);
        }
        if (count > 0)
        {
            last = Stopwatch.GetTimestamp();
        }
        else if (Stopwatch.GetElapsedTime(last) > Patience)
        {
            throw new BenchException($"nothing has happened for {Patience.TotalSeconds} s: {States()}");
        }
    }

    private string States() => string.Join(", ", _clients.GroupBy(client => client.State).Select(group => $"{group.Count()} {group.Key}"));
}
