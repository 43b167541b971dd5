namespace PoolProxy.Core.Audit;

/// <summary>
/// One login attempt as the audit trail records it. Nothing here is a secret: a token is named by issuer, subject and <c>jti</c>, and it has no field of its own.
/// What was not learnt is null and is left out of the line.
/// </summary>
internal readonly record struct LoginAttempt
{
    /// <summary>Not a login: a fresh token in the midst of a session.</summary>
    public bool IsRenewal { get; init; }

    /// <summary>The client's address: <c>127.0.0.1:51234</c>, or <c>unix:1000</c> with the peer's uid.</summary>
    public required string Address { get; init; }

    /// <summary>How it ended.</summary>
    public required LoginOutcome Outcome { get; init; }

    /// <summary>From accept to the decision.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Which check refused, as a word of the code's enums (<c>expired</c>, <c>unknown_key</c>); null where accepted.</summary>
    public string? Reason { get; init; }

    /// <summary>The method of <c>auth_type</c> that decided.</summary>
    public string? Method { get; init; }

    /// <summary>Protocol and cipher; null without TLS.</summary>
    public string? Tls { get; init; }

    /// <summary>The user of the startup packet: what was wished for, not what was given.</summary>
    public string? User { get; init; }

    /// <summary>The database of the startup packet.</summary>
    public string? Database { get; init; }

    /// <summary>The token's issuer by its name in the configuration.</summary>
    public string? Issuer { get; init; }

    /// <summary>The token's <c>sub</c>, once its signature is proven.</summary>
    public string? Subject { get; init; }

    /// <summary>The token's <c>jti</c>, once its signature is proven.</summary>
    public string? TokenId { get; init; }

    /// <summary>The PostgreSQL role that was given.</summary>
    public string? Role { get; init; }

    /// <summary>The rule that decided, counted from 1 in the order of the file.</summary>
    public int? Rule { get; init; }
}
