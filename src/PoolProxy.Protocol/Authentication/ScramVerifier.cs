using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PoolProxy.Protocol.Authentication;

/// <summary>
/// What a server keeps of a password: <c>SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey</c>, as in pg_authid and userlist.txt.
/// Immutable; any thread. Source: catalog-pg-authid.html, RFC 5803.
/// </summary>
public sealed class ScramVerifier
{
    /// <summary>The longest text that is parsed.</summary>
    public const int MaxTextLength = 1024;

    private const string Prefix = Scram.Mechanism + "$";

    private readonly byte[] _salt;
    private readonly byte[] _storedKey;
    private readonly byte[] _serverKey;

    private ScramVerifier(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey, bool isMock)
    {
        Iterations = iterations;
        _salt = salt;
        _storedKey = storedKey;
        _serverKey = serverKey;
        IsMock = isMock;
    }

    /// <summary>PBKDF2 iterations, at least 1; of one that was parsed at most <see cref="Scram.MaxIterations"/>.</summary>
    public int Iterations { get; }

    /// <summary>The salt, decoded.</summary>
    public ReadOnlySpan<byte> Salt => _salt;

    /// <summary>Hash of the client key, 32 bytes.</summary>
    public ReadOnlySpan<byte> StoredKey => _storedKey;

    /// <summary>The server key, 32 bytes.</summary>
    public ReadOnlySpan<byte> ServerKey => _serverKey;

    /// <summary>Whether it stands for a user that does not exist: no login against it succeeds.</summary>
    public bool IsMock { get; }

    /// <summary>Whether a stored password has the form of a verifier.</summary>
    public static bool HasForm(string? stored) => stored is not null && stored.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether a stored password has the form of a verifier and is none that can be used: no password is right then, least of all the text itself.</summary>
    public static bool IsUnusable(string? stored) => HasForm(stored) && !TryParse(stored, out _);

    /// <summary>Parses a verifier's text; false when it is not exactly one, or takes more than <see cref="Scram.MaxIterations"/>.</summary>
    public static bool TryParse(string? stored, out ScramVerifier verifier)
    {
        verifier = null!;
        if (!HasForm(stored) || stored!.Length > MaxTextLength || !Ascii.IsValid(stored)) return false;

        string[] halves = stored[Prefix.Length..].Split('$');
        if (halves.Length != 2) return false;
        string[] first = halves[0].Split(':');
        string[] second = halves[1].Split(':');
        if (first.Length != 2 || second.Length != 2) return false;

        if (!int.TryParse(first[0], NumberStyles.None, CultureInfo.InvariantCulture, out int iterations) || iterations is < 1 or > Scram.MaxIterations) return false;
        if (!TryDecode(first[1], out byte[] salt) || salt.Length == 0) return false;
        if (!TryDecode(second[0], out byte[] storedKey) || storedKey.Length != Scram.KeyLengthBytes) return false;
        if (!TryDecode(second[1], out byte[] serverKey) || serverKey.Length != Scram.KeyLengthBytes) return false;

        verifier = new ScramVerifier(iterations, salt, storedKey, serverKey, isMock: false);
        return true;
    }

    /// <summary>Makes the verifier of a password. Slow: see <see cref="ScramKeys.Derive"/>.</summary>
    public static ScramVerifier FromPassword(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations = Scram.DefaultIterations) =>
        FromKeys(ScramKeys.Derive(password, salt, iterations), salt, iterations);

    /// <summary>Makes the verifier of keys that are derived already.</summary>
    public static ScramVerifier FromKeys(ScramKeys keys, ReadOnlySpan<byte> salt, int iterations) =>
        new(iterations, salt.ToArray(), SHA256.HashData(keys.ClientKey), keys.ServerKey.ToArray(), isMock: false);

    /// <summary>
    /// Makes a verifier for a user that does not exist, so that such a login looks and takes as long as one with a wrong password. The salt
    /// stays the same for a name as long as <paramref name="secret"/> does, as a real user's would.
    /// </summary>
    /// <param name="secret">Drawn once per process, at least 16 bytes.</param>
    /// <param name="user">The name as claimed.</param>
    /// <param name="iterations">Those that real verifiers here have.</param>
    public static ScramVerifier Mock(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> user, int iterations = Scram.DefaultIterations)
    {
        byte[] salt = MockSalt(secret, user);

        // Any keys do, since IsMock refuses in the end; these are secret all the same.
        byte[] storedKey = HMACSHA256.HashData(secret, salt);
        byte[] serverKey = HMACSHA256.HashData(secret, storedKey);
        return new ScramVerifier(iterations, salt, storedKey, serverKey, isMock: true);
    }

    /// <summary>The salt of <see cref="Mock"/>, which a verifier that is worked out here can have too, so that it does not stand out.</summary>
    public static byte[] MockSalt(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> user)
    {
        const int MinSecretLengthBytes = 16;
        ArgumentOutOfRangeException.ThrowIfLessThan(secret.Length, MinSecretLengthBytes, nameof(secret));
        return HMACSHA256.HashData(secret, user)[..Scram.DefaultSaltLengthBytes];
    }

    /// <summary>Whether a password that came in clear is the one. Slow: see <see cref="ScramKeys.Derive"/>.</summary>
    public bool Verify(ReadOnlySpan<byte> password) => TryProve(password, out _);

    /// <summary>As <see cref="Verify"/>; the password's keys, where it is the one.</summary>
    public bool TryProve(ReadOnlySpan<byte> password, [NotNullWhen(true)] out ScramKeys? keys)
    {
        ScramKeys derived = ScramKeys.Derive(password, _salt, Iterations);
        bool isRight = CryptographicOperations.FixedTimeEquals(derived.ServerKey, _serverKey) & !IsMock;
        keys = isRight ? derived : null;
        return isRight;
    }

    /// <summary>The verifier's text, for a file. A secret: never logged.</summary>
    public string ToText() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Prefix}{Iterations}:{Convert.ToBase64String(_salt)}${Convert.ToBase64String(_storedKey)}:{Convert.ToBase64String(_serverKey)}");

    private static bool TryDecode(string text, out byte[] bytes) => Scram.TryDecodeBase64(Encoding.ASCII.GetBytes(text), out bytes);
}
