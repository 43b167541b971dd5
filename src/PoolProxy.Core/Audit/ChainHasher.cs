using System.Security.Cryptography;

namespace PoolProxy.Core.Audit;

/// <summary>
/// A record's hash: SHA-256, or with a key HMAC-SHA-256, over the 64 digits of the hash before and the record's line up to <c>,"hash":"</c>. One thread.
/// </summary>
internal sealed class ChainHasher : IDisposable
{
    /// <summary>The shortest key, in bytes: what can be guessed proves nothing.</summary>
    public const int MinKeyBytes = 32;

    private readonly IncrementalHash _hash;

    /// <summary>Without a key the chain shows changes only to who has kept a hash of it.</summary>
    public ChainHasher(byte[]? key)
    {
        IsKeyed = key is not null;
        _hash = key is null ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
    }

    /// <summary>Whether nobody without the key can make the hashes.</summary>
    public bool IsKeyed { get; }

    /// <summary>The word for it in records of the chain itself.</summary>
    public string Algorithm => AlgorithmOf(IsKeyed);

    /// <inheritdoc cref="Algorithm"/>
    public static string AlgorithmOf(bool isKeyed) => isKeyed ? "hmac-sha256" : "sha256";

    /// <summary>Writes the digits of the hash.</summary>
    public void Write(ReadOnlySpan<byte> previous, ReadOnlySpan<byte> line, Span<byte> digits)
    {
        _hash.AppendData(previous);
        _hash.AppendData(line);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(hash);
        for (var i = 0; i < hash.Length; i++)
        {
            digits[2 * i] = "0123456789abcdef"u8[hash[i] >> 4];
            digits[2 * i + 1] = "0123456789abcdef"u8[hash[i] & 15];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    /// <summary>The key in a file, without the line end behind it; fewer than <see cref="MinKeyBytes"/> bytes are refused.</summary>
    /// <exception cref="IOException">It cannot be read, or is too short.</exception>
    public static byte[] ReadKey(string file)
    {
        var key = File.ReadAllBytes(file).AsSpan().TrimEnd("\r\n"u8).ToArray();
        return key.Length >= MinKeyBytes ? key : throw new IOException($"the key in {file} has {key.Length} bytes, and {MinKeyBytes} are needed");
    }
}
