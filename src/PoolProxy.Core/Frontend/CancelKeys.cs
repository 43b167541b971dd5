using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// The keys by which clients of all loops may be cancelled. A key is a number that names the client (no process of the system) and a secret
/// from a secure generator; both have to match, the secret in constant time. It leads to the client's loop and its name there, never to
/// the client itself: only its loop touches that. Any thread may call.
/// </summary>
internal sealed class CancelKeys
{
    private readonly ConcurrentDictionary<int, (byte[] Secret, int LoopIndex, long ClientId)> _keys = new();

    /// <summary>Gives a client a key: 4 bytes of secret for protocol 3.0, 32 from 3.2 on.</summary>
    public (int ProcessId, byte[] Secret) Issue(int loopIndex, long clientId, int secretBytes)
    {
        var secret = RandomNumberGenerator.GetBytes(secretBytes);
        int processId;
        do
        {
            processId = RandomNumberGenerator.GetInt32(1, int.MaxValue);
        }
        while (!_keys.TryAdd(processId, (secret, loopIndex, clientId)));

        return (processId, secret);
    }

    /// <summary>Where the client lives that the key belongs to.</summary>
    public bool TryFind(int processId, ReadOnlySpan<byte> secret, out int loopIndex, out long clientId)
    {
        (loopIndex, clientId) = (0, 0);
        if (!_keys.TryGetValue(processId, out var key) || !CryptographicOperations.FixedTimeEquals(key.Secret, secret))
        {
            return false;
        }

        (loopIndex, clientId) = (key.LoopIndex, key.ClientId);
        return true;
    }

    /// <summary>The client is gone.</summary>
    public void Remove(int processId) => _keys.TryRemove(processId, out _);
}
