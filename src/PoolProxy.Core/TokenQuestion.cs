using System.Net;

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

    /// <summary>Where the client would come from; null: by a Unix socket.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The time by which token and rules are judged; null: now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The same question about another token.</summary>
    public TokenQuestion About(string token) => new() { File = File, Token = token, Database = Database, User = User, CertificateFile = CertificateFile, Address = Address, At = At };
}
