namespace PoolProxy.Core.Frontend;

/// <summary>Every client of one loop that has a connection. Owned by that loop.</summary>
internal sealed class ClientRegistry
{
    private readonly Dictionary<long, ClientSession> _clients = [];

    public int Count => _clients.Count;

    public IReadOnlyCollection<ClientSession> All => _clients.Values;

    public void Add(ClientSession session) => _clients.Add(session.Id, session);

    public bool TryFind(long id, out ClientSession session) => _clients.TryGetValue(id, out session!);

    public void Remove(ClientSession session) => _clients.Remove(session.Id);
}
