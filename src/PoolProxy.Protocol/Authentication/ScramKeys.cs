using System.Security.Cryptography;

namespace PoolProxy.Protocol.Authentication;

/// <summary>
/// The two keys of a password under one salt and iteration count. With the client key one can log in as that user: treat it as the password.
/// Source: RFC 5802 §3.
/// </summary>
public sealed class ScramKeys
{
    private readonly byte[] _clientKey;
    private readonly byte[] _serverKey;

    /// <summary>Takes keys that are known already: the client key won from a client's login, the server key of its verifier.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A key is not 32 bytes.</exception>
    public ScramKeys(ReadOnlySpan<byte> clientKey, ReadOnlySpan<byte> serverKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(clientKey.Length, Scram.KeyLengthBytes, nameof(clientKey));
        ArgumentOutOfRangeException.ThrowIfNotEqual(serverKey.Length, Scram.KeyLengthBytes, nameof(serverKey));
        _clientKey = clientKey.ToArray();
        _serverKey = serverKey.ToArray();
    }

    /// <summary>The key whose knowledge is proven.</summary>
    public ReadOnlySpan<byte> ClientKey => _clientKey;

    /// <summary>The key by which the server proves itself.</summary>
    public ReadOnlySpan<byte> ServerKey => _serverKey;

    /// <summary>
    /// Derives the keys from a password, prepared by <see cref="SaslPrep"/>. Slow by design (PBKDF2, some milliseconds for 4096 iterations):
    /// never on a loop's thread, and with a bound on <paramref name="iterations"/> that a peer has chosen.
    /// </summary>
    public static ScramKeys Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations)
    {
        byte[] prepared = SaslPrep.Prepare(password);
        Span<byte> salted = stackalloc byte[Scram.KeyLengthBytes];
        Span<byte> clientKey = stackalloc byte[Scram.KeyLengthBytes];
        Span<byte> serverKey = stackalloc byte[Scram.KeyLengthBytes];
        try
        {
            Rfc2898DeriveBytes.Pbkdf2(prepared, salt, salted, iterations, HashAlgorithmName.SHA256);
            HMACSHA256.HashData(salted, "Client Key"u8, clientKey);
            HMACSHA256.HashData(salted, "Server Key"u8, serverKey);
            return new ScramKeys(clientKey, serverKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(prepared);
            CryptographicOperations.ZeroMemory(salted);
            CryptographicOperations.ZeroMemory(clientKey);
        }
    }
}
