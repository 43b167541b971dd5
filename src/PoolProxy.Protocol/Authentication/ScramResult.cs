namespace PoolProxy.Protocol.Authentication;

/// <summary>What a step of SCRAM came to. All but <see cref="Done"/> end the login; which of them is for the log, never for the peer.</summary>
public enum ScramResult : byte
{
    /// <summary>The step succeeded.</summary>
    Done,

    /// <summary>A message longer than <see cref="Scram.MaxMessageLengthBytes"/>.</summary>
    TooLong,

    /// <summary>An attribute is missing, out of place, empty, or not in its encoding (PostgreSQL: 08P01 "malformed SCRAM message").</summary>
    Malformed,

    /// <summary>The peer demands an extension (<c>m=</c>): RFC 5802 §5.1 has it fail.</summary>
    MandatoryExtension,

    /// <summary>The client asks to act for another user; PostgreSQL refuses that with 0A000.</summary>
    AuthorizationIdentity,

    /// <summary>
    /// Channel binding does not fit: a mechanism and a flag that contradict each other, a type other than tls-server-end-point, a client that
    /// believes we offer none while we do (a downgrade), or binding data of another certificate.
    /// </summary>
    ChannelBinding,

    /// <summary>The nonce does not begin with ours, or adds nothing to it.</summary>
    Nonce,

    /// <summary>A nonce longer than <see cref="Scram.MaxNonceLengthBytes"/> (CVE-2026-6665).</summary>
    NonceTooLong,

    /// <summary>The server asks for no iterations or more than the caller allows (CVE-2026-42198).</summary>
    Iterations,

    /// <summary>The client does not know the password: 28P01.</summary>
    WrongProof,

    /// <summary>The server does not know the password's verifier: it is not the one that it claims to be.</summary>
    WrongServerSignature,

    /// <summary>The server reports an error (<c>e=</c>).</summary>
    ServerError,
}
