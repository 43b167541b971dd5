using System.Buffers.Text;
using System.Security.Cryptography;

namespace PoolProxy.Protocol.Authentication;

/// <summary>
/// One login by SCRAM-SHA-256 at an upstream server, in four steps that must come in this order:
/// <list type="number">
/// <item><see cref="FirstMessage"/> goes out with the mechanism's name (SASLInitialResponse).</item>
/// <item><see cref="ReadServerFirst"/> takes the challenge (AuthenticationSASLContinue).</item>
/// <item>The caller gets the keys, by <see cref="ScramKeys.Derive"/> on a worker or from a cache, and sends <see cref="FinalMessage"/> (SASLResponse).</item>
/// <item><see cref="ReadServerFinal"/> checks that the server knew the password too (AuthenticationSASLFinal). AuthenticationOk counts only after it.</item>
/// </list>
/// A step out of order throws <see cref="InvalidOperationException"/>. Owned by one login. Source: RFC 5802, RFC 7677.
/// </summary>
public sealed class ScramClient
{
    private readonly byte[] _gs2Header;
    private readonly byte[] _bindingData;
    private readonly byte[] _nonce;
    private readonly byte[] _firstBare;

    private Step _step = Step.ServerFirst;
    private byte[] _serverFirst = [];
    private byte[] _combinedNonce = [];
    private byte[] _salt = [];
    private byte[] _serverSignature = [];

    /// <summary>Starts a login.</summary>
    /// <param name="binding">What to say about channel binding.</param>
    /// <param name="bindingData">The certificate's hash for <see cref="ScramBinding.TlsServerEndPoint"/>, else empty.</param>
    /// <param name="random">Where the nonce comes from.</param>
    public ScramClient(ScramBinding binding, ReadOnlySpan<byte> bindingData, RandomNumberGenerator random)
        : this(binding, bindingData, DrawNonce(random), user: default)
    {
    }

    /// <summary>Starts a login with a given nonce and user name, as the RFC's example has them. PostgreSQL ignores the name: we leave it empty.</summary>
    internal ScramClient(ScramBinding binding, ReadOnlySpan<byte> bindingData, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> user)
    {
        bool binds = binding == ScramBinding.TlsServerEndPoint;
        if (binds == bindingData.IsEmpty) throw new ArgumentException("binding data belongs to tls-server-end-point and to nothing else", nameof(bindingData));

        Mechanism = binds ? Scram.PlusMechanism : Scram.Mechanism;
        _gs2Header = binds ? [.. "p=tls-server-end-point,,"u8] : [(byte)binding, .. ",,"u8];
        _bindingData = bindingData.ToArray();
        _nonce = nonce.ToArray();
        _firstBare = [.. "n="u8, .. user, .. ",r="u8, .. nonce];
    }

    private enum Step : byte
    {
        ServerFirst,
        Final,
        ServerFinal,
        Over,
    }

    /// <summary>The mechanism to name in SASLInitialResponse.</summary>
    public string Mechanism { get; }

    /// <summary>The login is bound to the TLS connection.</summary>
    public bool Binds => _bindingData.Length > 0;

    /// <summary>The salt that the server sent; empty before.</summary>
    public ReadOnlySpan<byte> Salt => _salt;

    /// <summary>The iterations that the server asked for, within the caller's bound; 0 before.</summary>
    public int Iterations { get; private set; }

    /// <summary>The client's first message.</summary>
    public byte[] FirstMessage() => [.. _gs2Header, .. _firstBare];

    /// <summary>Takes the server's challenge.</summary>
    /// <param name="message">The data of AuthenticationSASLContinue.</param>
    /// <param name="maxIterations">The most iterations the caller will compute; the server's choice must not decide how long we work.</param>
    public ScramResult ReadServerFirst(ReadOnlySpan<byte> message, int maxIterations)
    {
        Enter(Step.ServerFirst);
        if (message.Length > Scram.MaxMessageLengthBytes) return ScramResult.TooLong;
        if (message.StartsWith("m="u8)) return ScramResult.MandatoryExtension;

        var attributes = new ScramAttributes(message);
        if (!attributes.TryRead((byte)'r', out ReadOnlySpan<byte> nonce) || !Scram.IsNonce(nonce)) return ScramResult.Malformed;
        if (nonce.Length > Scram.MaxNonceLengthBytes) return ScramResult.NonceTooLong;
        if (!nonce.StartsWith(_nonce) || nonce.Length == _nonce.Length) return ScramResult.Nonce;

        if (!attributes.TryRead((byte)'s', out ReadOnlySpan<byte> saltText)) return ScramResult.Malformed;
        if (!Scram.TryDecodeBase64(saltText, out byte[] salt) || salt.Length == 0) return ScramResult.Malformed;

        if (!attributes.TryRead((byte)'i', out ReadOnlySpan<byte> iterationsText) || iterationsText.IsEmpty) return ScramResult.Malformed;
        if (iterationsText.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0) return ScramResult.Malformed;
        bool isNumber = Utf8Parser.TryParse(iterationsText, out int iterations, out int digits) && digits == iterationsText.Length;
        if (!isNumber || iterations < 1 || iterations > maxIterations) return ScramResult.Iterations;

        // What may follow are extensions that we do not have to know (RFC 5802 §5.1).
        _serverFirst = message.ToArray();
        _combinedNonce = nonce.ToArray();
        _salt = salt;
        Iterations = iterations;
        _step = Step.Final;
        return ScramResult.Done;
    }

    /// <summary>The client's final message: proof that the keys' owner knows the password.</summary>
    public byte[] FinalMessage(ScramKeys keys)
    {
        Enter(Step.Final);
        byte[] withoutProof = [.. "c="u8, .. Scram.EncodeBase64([.. _gs2Header, .. _bindingData]), .. ",r="u8, .. _combinedNonce];
        byte[] authMessage = [.. _firstBare, (byte)',', .. _serverFirst, (byte)',', .. withoutProof];

        // ClientProof = ClientKey xor HMAC(StoredKey, AuthMessage)
        byte[] proof = HMACSHA256.HashData(SHA256.HashData(keys.ClientKey), authMessage);
        for (int i = 0; i < proof.Length; i++) proof[i] ^= keys.ClientKey[i];

        _serverSignature = HMACSHA256.HashData(keys.ServerKey, authMessage);
        _step = Step.ServerFinal;
        return [.. withoutProof, .. ",p="u8, .. Scram.EncodeBase64(proof)];
    }

    /// <summary>Checks the server's signature, in constant time.</summary>
    /// <param name="message">The data of AuthenticationSASLFinal.</param>
    public ScramResult ReadServerFinal(ReadOnlySpan<byte> message)
    {
        Enter(Step.ServerFinal);
        if (message.Length > Scram.MaxMessageLengthBytes) return ScramResult.TooLong;
        if (message.StartsWith("e="u8)) return ScramResult.ServerError;

        var attributes = new ScramAttributes(message);
        if (!attributes.TryRead((byte)'v', out ReadOnlySpan<byte> text) || !Scram.TryDecodeBase64(text, out byte[] signature)) return ScramResult.Malformed;
        if (!CryptographicOperations.FixedTimeEquals(signature, _serverSignature)) return ScramResult.WrongServerSignature;

        return ScramResult.Done;
    }

    // A step that fails leaves the login over; one that succeeds sets the next.
    private void Enter(Step step)
    {
        if (_step != step) throw new InvalidOperationException($"SCRAM step {step} while {_step} is due");
        _step = Step.Over;
    }

    private static byte[] DrawNonce(RandomNumberGenerator random)
    {
        byte[] bytes = new byte[Scram.NonceRandomBytes];
        random.GetBytes(bytes);
        return Scram.EncodeBase64(bytes);
    }
}
