using System.Security.Cryptography;
using System.Text;
using PoolProxy.Core.Frontend;
using PoolProxy.Identity.Revocation;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>
/// SHOW SESSIONS: what each client's right rests on: who, by which rule, since when and until when. <c>id</c> is that of SHOW CLIENTS. Of a token's <c>jti</c> the
/// first 16 hexadecimal digits of its SHA-256 are shown; nothing of a token's text is kept.
/// </summary>
internal sealed class ShowSessions : ShowByLoop
{
    /// <inheritdoc/>
    public override string Noun => "sessions";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } =
    [
        Int("id"), Text("user"), Text("database"), Text("state"), Text("issuer"), Text("subject"), Text("role"), Int("rule"), Text("sid"), Text("jti_hash"),
        Text("since"), Text("expires"), Int("loop"),
    ];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> RowsOf(FrontendServices services) =>
        services.Clients.All.Where(client => client.Proof is not null && client.State is not (ClientState.Login or ClientState.Gone)).Select(client => Row(client, client.Proof!, services));

    private static object?[] Row(ClientSession client, SessionProof proof, FrontendServices services) =>
    [
        (int)client.Id, client.User, client.Database, client.State.ToString().ToLowerInvariant(), proof.Issuer, proof.Subject, proof.Role, proof.RuleNumber,
        proof.Facts?.SessionId, proof.Facts?.TokenId is { } jti ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(jti)).AsSpan(0, 8)) : null,
        RevocationText.WriteTime(proof.Since), proof.ExpiresAt is { } expiry ? RevocationText.WriteTime(expiry) : null, services.Loop.Index,
    ];
}
