using System.Security.Cryptography;
using PoolProxy.Configuration.Model;
using PoolProxy.Protocol.Authentication;

namespace PoolProxy.Core.Backend;

/// <summary>
/// What the proxy can log in to servers with as a user whose password no file holds: what auth_query answered, or the keys that were won from the user's
/// own login by SCRAM, which serve at a server that has the very same verifier. As good as the password: it prints as nothing, and lives no longer than the
/// pool that opens servers with it. Immutable.
/// </summary>
internal sealed class ServerProof
{
    private readonly byte[] _salt;
    private readonly int _iterations;

    private ServerProof(Secret? password, ScramKeys? keys, ReadOnlySpan<byte> salt, int iterations)
    {
        Password = password;
        Keys = keys;
        _salt = salt.ToArray();
        _iterations = iterations;
    }

    /// <summary>In plain, or as md5 for a server that asks for md5; null where there are keys.</summary>
    public Secret? Password { get; }

    /// <summary>Keys for SCRAM; null where there is a password.</summary>
    public ScramKeys? Keys { get; }

    public static ServerProof Of(string password) => new(new Secret(password), null, [], 0);

    /// <summary>The keys of a password that was proven against <paramref name="verifier"/>.</summary>
    public static ServerProof Of(ScramKeys keys, ScramVerifier verifier) => new(null, keys, verifier.Salt, verifier.Iterations);

    /// <summary>Whether the keys are of the verifier that a server has, as far as its challenge shows it.</summary>
    public bool IsFor(ReadOnlySpan<byte> salt, int iterations) => iterations == _iterations && salt.SequenceEqual(_salt);

    /// <summary>Whether both would say the same.</summary>
    public bool IsSame(ServerProof? other) =>
        other is not null && Password == other.Password && other.IsFor(_salt, _iterations)
        && (Keys is null ? other.Keys is null : other.Keys is { } keys && CryptographicOperations.FixedTimeEquals(Keys.ClientKey, keys.ClientKey));

    /// <inheritdoc/>
    public override string ToString() => "(hidden)";
}
