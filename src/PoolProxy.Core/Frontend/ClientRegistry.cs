using System.Diagnostics.CodeAnalysis;

namespace PoolProxy.Core.Frontend;

/// <summary>Every client of one loop that has a connection, by the number of its cancel key. Owned by that loop.</summary>
internal sealed class ClientRegistry
{
    private readonly Dictionary<int, ClientSession> _clients = [];

    public int Count => _clients.Count;

    public IReadOnlyCollection<ClientSession> All => _clients.Values;

    /// <summary>False where another client has the number.</summary>
    public bool TryAdd(int processId, ClientSession session) => _clients.TryAdd(processId, session);

    public bool TryFind(int processId, [NotNullWhen(true)] out ClientSession? session) => _clients.TryGetValue(processId, out session);

    /// <summary>By the number that SHOW and KILL_CLIENT know; looks through all.</summary>
    public ClientSession? FindById(long id)
    {
        foreach (var session in _clients.Values)
        {
            if (session.Id == id)
            {
                return session;
            }
        }

        return null;
    }

    public void Remove(ClientSession session) => _clients.Remove(session.CancelProcessId);

    /// <summary>Gives back the room of clients that have left.</summary>
    public void Trim()
    {
        if (_clients.Capacity > 1024 && _clients.Capacity > 2 * _clients.Count)
        {
            _clients.TrimExcess();
        }
    }
}
