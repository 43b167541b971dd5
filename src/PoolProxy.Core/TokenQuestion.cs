namespace PoolProxy.Core;

/// <summary>What <c>poolproxy explain</c> is asked. A class that prints nothing: the token is a secret.</summary>
public sealed class TokenQuestion
{
    /// <summary>The configuration.</summary>
    public required string File { get; init; }

    /// <summary>The token's text.</summary>
    public required string Token { get; init; }

    /// <summary>The database that is to be entered; <c>pgbouncer</c> is the console.</summary>
    public required string Database { get; init; }

    /// <summary>The user of the startup packet; null: the person's own name.</summary>
    public string? User { get; init; }

    /// <summary>The certificate, PEM or DER, that the client would show; null for none.</summary>
    public string? CertificateFile { get; init; }
}
