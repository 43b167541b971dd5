using System.Text;
using System.Text.Json;
using PoolProxy.Core.PreparedStatements;

namespace PoolProxy.Core.Isolation;

/// <summary>
/// Who is behind a transaction: the identity key of isolation.md §2, one interned object for all clients that are the same (issuer,
/// subject, role, the rule's results and the exposed claims equal), so that "the same identity" is a comparison of references.
/// Immutable but for what it counts. Never holds a token.
/// </summary>
internal sealed class ClientIdentity
{
    private byte[]? _utf8Signed;

    internal ClientIdentity(string issuer, string subject, string role, string results, string claims, string applicationNameTag, bool isReadOnly = false)
    {
        Issuer = issuer;
        Subject = subject;
        Role = role;
        Results = results;
        Claims = claims;
        ApplicationNameTag = applicationNameTag;
        IsReadOnly = isReadOnly;
        Utf8Claims = Encoding.UTF8.GetBytes(claims);
        Utf8Role = Encoding.UTF8.GetBytes(role);
    }

    /// <summary>The issuer's name in pool.toml; empty for PgBouncer's methods.</summary>
    public string Issuer { get; }

    /// <summary>The token's sub, or the user of PgBouncer's methods.</summary>
    public string Subject { get; }

    /// <summary>The PostgreSQL role its transactions run as.</summary>
    public string Role { get; }

    /// <summary>What else the rule granted, in one canonical line.</summary>
    public string Results { get; }

    /// <summary>The exposed claims: ASCII JSON, keys sorted.</summary>
    public string Claims { get; }

    /// <summary>What follows the client's own application_name: <c>[subject]</c>, a hash, or nothing.</summary>
    public string ApplicationNameTag { get; }

    /// <summary>Its transactions only read, whatever its clients' parameters say: one of the <see cref="Results"/>.</summary>
    public bool IsReadOnly { get; }

    /// <summary>What is signed: ASCII JSON, with issuer and subject whatever the claims hold. Made when it is first needed.</summary>
    internal byte[] Utf8Signed => _utf8Signed ??= Encoding.ASCII.GetBytes($$"""{"claims":{{Claims}},"iss":"{{JsonEncodedText.Encode(Issuer)}}","sub":"{{JsonEncodedText.Encode(Subject)}}"}""");

    /// <summary>What its clients' prepared statements take together.</summary>
    internal IdentityStatements Statements { get; } = new();

    internal byte[] Utf8Claims { get; }

    internal byte[] Utf8Role { get; }

    /// <summary>How many live clients are this identity; the registry's, under its lock.</summary>
    internal int ClientCount { get; set; }

    public override string ToString() => Issuer.Length == 0 ? Subject : $"{Issuer}/{Subject}";
}
