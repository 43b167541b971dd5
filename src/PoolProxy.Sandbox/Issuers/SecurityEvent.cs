namespace PoolProxy.Sandbox.Issuers;

/// <summary>The names of the events that a transmitter sends: CAEP 1.0 §3, and SSF 1.0 §8.1.4 for the verification.</summary>
public static class SecurityEvent
{
    private const string Caep = "https://schemas.openid.net/secevent/caep/event-type/";

    /// <summary>A session was ended.</summary>
    public const string SessionRevoked = Caep + "session-revoked";

    /// <summary>Claims of tokens that are out have changed.</summary>
    public const string TokenClaimsChange = Caep + "token-claims-change";

    /// <summary>A credential was created, changed or revoked.</summary>
    public const string CredentialChange = Caep + "credential-change";

    /// <summary>The receiver is asked whether it hears.</summary>
    public const string Verification = "https://schemas.openid.net/secevent/ssf/event-type/verification";
}
