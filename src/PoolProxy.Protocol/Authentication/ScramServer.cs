using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PoolProxy.Protocol.Authentication;

/// <summary>
/// One login of a client by SCRAM-SHA-256, in two steps that must come in this order: <see cref="ReadClientFirst"/> (SASLInitialResponse)
/// gives the challenge, <see cref="ReadClientFinal"/> (SASLResponse) the decision. No step is slow. A user that does not exist goes the same way with
/// <see cref="ScramVerifier.Mock"/>. A step out of order throws <see cref="InvalidOperationException"/>. Owned by one login. Source: RFC 5802, RFC 7677.
/// </summary>
public sealed class ScramServer
{
    private readonly ScramVerifier _verifier;
    private readonly byte[] _bindingData;
    private readonly byte[] _nonce;

    private Step _step = Step.ClientFirst;
    private byte[] _expectedBinding = [];
    private byte[] _clientFirstBare = [];
    private byte[] _serverFirst = [];
    private byte[] _combinedNonce = [];
    private byte[] _clientKey = [];

    /// <summary>Starts a login.</summary>
    /// <param name="verifier">The user's verifier, or a mock.</param>
    /// <param name="bindingData">
    /// The hash of our certificate (tls-server-end-point, RFC 5929 §4.1) where SCRAM-SHA-256-PLUS was offered, else empty.
    /// </param>
    /// <param name="random">Where the nonce comes from.</param>
    public ScramServer(ScramVerifier verifier, ReadOnlySpan<byte> bindingData, RandomNumberGenerator random)
        : this(verifier, bindingData, DrawNonce(random))
    {
    }

    /// <summary>Starts a login with a given nonce, as the RFC's example has it.</summary>
    internal ScramServer(ScramVerifier verifier, ReadOnlySpan<byte> bindingData, ReadOnlySpan<byte> nonce)
    {
        _verifier = verifier;
        _bindingData = bindingData.ToArray();
        _nonce = nonce.ToArray();
    }

    private enum Step : byte
    {
        ClientFirst,
        ClientFinal,
        Over,
    }

    private bool OffersPlus => _bindingData.Length != 0;

    /// <summary>
    /// The client key, won from the proof of a login that succeeded; empty before. With the verifier's server key it logs in at a
    /// server that has the same verifier (<see cref="ScramKeys"/>). A secret.
    /// </summary>
    public ReadOnlySpan<byte> ClientKey => _clientKey;

    /// <summary>Whether a mechanism is one that this login offers.</summary>
    public bool Offers(ReadOnlySpan<byte> mechanism) =>
        Ascii.Equals(mechanism, Scram.Mechanism) || (OffersPlus && Ascii.Equals(mechanism, Scram.PlusMechanism));

    /// <summary>Takes the client's first message and makes the challenge.</summary>
    /// <param name="mechanism">The mechanism that the client chose; the caller has asked <see cref="Offers"/>.</param>
    /// <param name="message">The response in SASLInitialResponse.</param>
    /// <param name="serverFirst">The data for AuthenticationSASLContinue; empty unless the answer is Done.</param>
    public ScramResult ReadClientFirst(ReadOnlySpan<byte> mechanism, ReadOnlySpan<byte> message, out byte[] serverFirst)
    {
        Enter(Step.ClientFirst);
        serverFirst = [];
        if (message.Length > Scram.MaxMessageLengthBytes) return ScramResult.TooLong;

        var attributes = new ScramAttributes(message);
        if (!attributes.TryReadPart(out ReadOnlySpan<byte> flag)) return ScramResult.Malformed;
        ScramResult binding = CheckBindingFlag(Ascii.Equals(mechanism, Scram.PlusMechanism), flag);
        if (binding != ScramResult.Done) return binding;

        if (!attributes.TryReadPart(out ReadOnlySpan<byte> authorization)) return ScramResult.Malformed;
        if (!authorization.IsEmpty) return authorization.StartsWith("a="u8) ? ScramResult.AuthorizationIdentity : ScramResult.Malformed;

        int gs2Length = attributes.Position;
        if (gs2Length > message.Length) return ScramResult.Malformed;
        ReadOnlySpan<byte> bare = message[gs2Length..];
        if (bare.StartsWith("m="u8)) return ScramResult.MandatoryExtension;

        // The name is not looked at, as in PostgreSQL: the user is that of the StartupMessage.
        if (!attributes.TryRead((byte)'n', out _)) return ScramResult.Malformed;
        if (!attributes.TryRead((byte)'r', out ReadOnlySpan<byte> nonce) || !Scram.IsNonce(nonce)) return ScramResult.Malformed;
        if (nonce.Length > Scram.MaxNonceLengthBytes - _nonce.Length) return ScramResult.NonceTooLong;

        bool binds = flag[0] == (byte)ScramBinding.TlsServerEndPoint;
        _expectedBinding = Scram.EncodeBase64(binds ? [.. message[..gs2Length], .. _bindingData] : message[..gs2Length]);
        _clientFirstBare = bare.ToArray();
        _combinedNonce = [.. nonce, .. _nonce];
        string iterations = _verifier.Iterations.ToString(CultureInfo.InvariantCulture);
        _serverFirst = [.. "r="u8, .. _combinedNonce, .. ",s="u8, .. Scram.EncodeBase64(_verifier.Salt), .. ",i="u8, .. Encoding.ASCII.GetBytes(iterations)];
        serverFirst = [.. _serverFirst];
        _step = Step.ClientFinal;
        return ScramResult.Done;
    }

    /// <summary>Takes the client's final message and decides.</summary>
    /// <param name="message">The data of SASLResponse.</param>
    /// <param name="serverFinal">The data for AuthenticationSASLFinal; empty unless the answer is Done.</param>
    public ScramResult ReadClientFinal(ReadOnlySpan<byte> message, out byte[] serverFinal)
    {
        Enter(Step.ClientFinal);
        serverFinal = [];
        if (message.Length > Scram.MaxMessageLengthBytes) return ScramResult.TooLong;

        var attributes = new ScramAttributes(message);
        if (!attributes.TryRead((byte)'c', out ReadOnlySpan<byte> binding)) return ScramResult.Malformed;
        if (!binding.SequenceEqual(_expectedBinding)) return ScramResult.ChannelBinding;
        if (!attributes.TryRead((byte)'r', out ReadOnlySpan<byte> nonce)) return ScramResult.Malformed;
        if (!nonce.SequenceEqual(_combinedNonce)) return ScramResult.Nonce;

        // Extensions may stand between; the proof is the last attribute (RFC 5802 §7).
        int withoutProofLength;
        ReadOnlySpan<byte> last;
        do
        {
            withoutProofLength = attributes.Position - 1;
            if (!attributes.TryReadPart(out last)) return ScramResult.Malformed;
        }
        while (!attributes.IsAtEnd);

        if (!last.StartsWith("p="u8) || !Scram.TryDecodeBase64(last[2..], out byte[] proof) || proof.Length != Scram.KeyLengthBytes) return ScramResult.Malformed;

        byte[] authMessage = [.. _clientFirstBare, (byte)',', .. _serverFirst, (byte)',', .. message[..withoutProofLength]];
        byte[] clientKey = HMACSHA256.HashData(_verifier.StoredKey, authMessage);
        for (int i = 0; i < clientKey.Length; i++) clientKey[i] ^= proof[i];

        // Both are computed before the decision: a mock takes the same way.
        bool isKnown = CryptographicOperations.FixedTimeEquals(SHA256.HashData(clientKey), _verifier.StoredKey);
        byte[] signature = HMACSHA256.HashData(_verifier.ServerKey, authMessage);
        if (!isKnown | _verifier.IsMock) return ScramResult.WrongProof;

        _clientKey = clientKey;
        serverFinal = [.. "v="u8, .. Scram.EncodeBase64(signature)];
        return ScramResult.Done;
    }

    // RFC 5802 §6, as PostgreSQL's read_client_first_message decides.
    private ScramResult CheckBindingFlag(bool plusMechanism, ReadOnlySpan<byte> flag)
    {
        if (flag.SequenceEqual("n"u8)) return plusMechanism ? ScramResult.ChannelBinding : ScramResult.Done;

        // "I would have bound, had you offered it": if we did offer it, someone took the offer out of our message.
        if (flag.SequenceEqual("y"u8)) return plusMechanism || OffersPlus ? ScramResult.ChannelBinding : ScramResult.Done;
        if (!flag.StartsWith("p="u8)) return ScramResult.Malformed;
        return plusMechanism && OffersPlus && flag.SequenceEqual("p=tls-server-end-point"u8) ? ScramResult.Done : ScramResult.ChannelBinding;
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
