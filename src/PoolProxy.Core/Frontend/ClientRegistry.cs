namespace PoolProxy.Core.Frontend;

/// <summary>
/// Every client of one loop that has a connection, by the number of its cancel key. With peers there are fewer numbers than there may be clients, and several may share
/// one: their secrets differ. Owned by that loop.
/// </summary>
internal sealed class ClientRegistry
{
    private readonly Dictionary<int, ClientSession> _clients = [];
    private readonly Dictionary<int, List<ClientSession>> _namesakes = [];

    public int Count => _clients.Count + _namesakes.Values.Sum(sharing => sharing.Count);

    public IReadOnlyCollection<ClientSession> All => _namesakes.Count == 0 ? _clients.Values : [.. _clients.Values, .. _namesakes.Values.SelectMany(sharing => sharing)];

    /// <summary>False where another client has the number.</summary>
    public bool TryAdd(int processId, ClientSession session) => _clients.TryAdd(processId, session);

    /// <summary>Beside the client that has the number.</summary>
    public void AddNamesake(int processId, ClientSession session)
    {
        if (!_namesakes.TryGetValue(processId, out var sharing))
        {
            _namesakes.Add(processId, sharing = []);
        }

        sharing.Add(session);
    }

    /// <summary>The client of the key; null where nobody has it.</summary>
    public ClientSession? FindByKey(int processId, ReadOnlySpan<byte> secret)
    {
        if (_clients.TryGetValue(processId, out var session) && session.CancelSecret.Matches(secret))
        {
            return session;
        }

        if (_namesakes.TryGetValue(processId, out var sharing))
        {
            foreach (var other in sharing)
            {
                if (other.CancelSecret.Matches(secret))
                {
                    return other;
                }
            }
        }

        return null;
    }

    /// <summary>By the number that SHOW and KILL_CLIENT know; looks through all.</summary>
    public ClientSession? FindById(long id)
    {
        foreach (var session in All)
        {
            if (session.Id == id)
            {
                return session;
            }
        }

        return null;
    }

    public void Remove(ClientSession session)
    {
        if (!_namesakes.TryGetValue(session.CancelProcessId, out var sharing))
        {
            _clients.Remove(session.CancelProcessId);
            return;
        }

        if (!sharing.Remove(session))
        {
            _clients[session.CancelProcessId] = sharing[^1];
            sharing.RemoveAt(sharing.Count - 1);
        }

        if (sharing.Count == 0)
        {
            _namesakes.Remove(session.CancelProcessId);
        }
    }

    /// <summary>Gives back the room of clients that have left.</summary>
    public void Trim()
    {
        if (_clients.Capacity > 1024 && _clients.Capacity > 2 * _clients.Count)
        {
            _clients.TrimExcess();
        }
    }
}
