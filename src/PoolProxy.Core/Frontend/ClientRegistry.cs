using System.Security.Cryptography;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// Every client that has a connection, and the keys by which they may be cancelled. A key is a number that names the client (no process of
/// the system) and a secret from a secure generator; both have to match, the secret in constant time. Owned by one loop.
/// </summary>
internal sealed class ClientRegistry
{
    private readonly Dictionary<long, ClientSession> _clients = [];
    private readonly Dictionary<int, ClientSession> _byProcessId = [];
    private readonly Dictionary<string, int> _servedByUser = new(StringComparer.Ordinal);
    private long _nextId = 1;

    public int Count => _clients.Count;

    /// <summary>Clients past their login, the console's not among them: what max_client_conn bounds.</summary>
    public int ServedCount { get; private set; }

    public int LoginCount { get; set; }

    public IReadOnlyCollection<ClientSession> All => _clients.Values;

    public long Add(ClientSession session)
    {
        var id = _nextId++;
        _clients.Add(id, session);
        return id;
    }

    /// <summary>Clients past their login that came under this name: what max_user_client_connections bounds, whatever login serves them.</summary>
    public int ServedCountOf(string user) => _servedByUser.GetValueOrDefault(user);

    /// <summary>A client begins (+1) or ends (-1) to be served. A name without clients is forgotten: names may be anybody's choice.</summary>
    public void CountServed(string user, int change)
    {
        ServedCount += change;
        var count = ServedCountOf(user) + change;
        if (count == 0)
        {
            _servedByUser.Remove(user);
        }
        else
        {
            _servedByUser[user] = count;
        }
    }

    public bool TryFind(long id, out ClientSession session) => _clients.TryGetValue(id, out session!);

    public void Remove(ClientSession session)
    {
        if (_clients.Remove(session.Id) && session.CancelProcessId != 0)
        {
            _byProcessId.Remove(session.CancelProcessId);
        }
    }

    /// <summary>Gives the client a key: 4 bytes of secret for protocol 3.0, 32 from 3.2 on.</summary>
    public (int ProcessId, byte[] Secret) IssueKey(ClientSession session, int secretBytes)
    {
        int processId;
        do
        {
            processId = RandomNumberGenerator.GetInt32(1, int.MaxValue);
        }
        while (!_byProcessId.TryAdd(processId, session));

        return (processId, RandomNumberGenerator.GetBytes(secretBytes));
    }

    /// <summary>The client that the key belongs to.</summary>
    public bool TryFindByKey(int processId, ReadOnlySpan<byte> secret, out ClientSession session) =>
        _byProcessId.TryGetValue(processId, out session!) && CryptographicOperations.FixedTimeEquals(session.CancelSecret, secret);
}
