using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace PoolProxy.Sandbox.Issuers;

/// <summary>
/// The token endpoint of a test issuer, for clients that were registered: by client credentials (RFC 6749 §4.4), where the token is the client's own, and by the device flow (RFC 8628),
/// where it is a person's; and the revocation of what it gave out (RFC 7009). Thread-safe.
/// </summary>
public sealed class TokenDesk
{
    private const string DeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
    private readonly TestIssuer _issuer;
    private readonly TimeSpan _life;
    private readonly ConcurrentDictionary<string, Client> _clients = [];
    private readonly ConcurrentDictionary<string, string> _revoked = [];

    internal TokenDesk(TestIssuer issuer, TimeSpan life)
    {
        _issuer = issuer;
        _life = life;
    }

    /// <summary>Tokens that were handed back, by the client that did.</summary>
    public IReadOnlyDictionary<string, string> Revoked => _revoked;

    /// <summary>A client that may ask for tokens.</summary>
    /// <param name="id">Its <c>client_id</c>, and the subject of its own tokens.</param>
    /// <param name="secret">Its secret; null for a public client, such as a device.</param>
    /// <param name="groups">The groups in its own tokens.</param>
    public void Register(string id, string? secret, params string[] groups) => _clients[id] = new Client(id, secret, groups);

    internal IssuerReply Answer(string? authorization, IFormCollection form)
    {
        if (Authenticate(authorization, form) is not { } client)
        {
            return IssuerReply.Error("invalid_client");
        }

        string scope = form["scope"].ToString();
        switch (form["grant_type"].ToString())
        {
            case "client_credentials":
                // RFC 6749 §4.4: for confidential clients only.
                return client.Secret is null ? IssuerReply.Error("unauthorized_client") : Token(client, client.Id, client.Groups, scope);
            case DeviceGrant:
                return _issuer.Devices.Poll(client.Id, form["device_code"].ToString(), out string error) is var (subject, groups, asked)
                    ? Token(client, subject, groups, asked)
                    : IssuerReply.Error(error);
            default:
                return IssuerReply.Error("unsupported_grant_type");
        }
    }

    internal IssuerReply BeginDevice(IFormCollection form) => _clients.TryGetValue(form["client_id"].ToString(), out Client? client)
        ? IssuerReply.Of(_issuer.Devices.Begin(client.Id, form["scope"].ToString(), _issuer.Issuer))
        : IssuerReply.Error("invalid_client");

    // RFC 7009 §2.2: 200, whether or not there was such a token.
    internal IssuerReply Revoke(string? authorization, IFormCollection form)
    {
        if (Authenticate(authorization, form) is not { } client)
        {
            return IssuerReply.Error("invalid_client");
        }

        string token = form["token"].ToString();
        _issuer.Opaque.Revoke(token);
        _revoked[token] = client.Id;
        return new IssuerReply(StatusCodes.Status200OK);
    }

    private IssuerReply Token(Client client, string subject, string[] groups, string scope)
    {
        TokenBuilder token = _issuer.Token(subject).Groups(groups).Claim("client_id", client.Id);
        return IssuerReply.Of(new JsonObject
        {
            ["access_token"] = (scope.Length > 0 ? token.Claim("scope", scope) : token).Build(),
            ["token_type"] = "Bearer",
            ["expires_in"] = (int)_life.TotalSeconds,
            ["scope"] = scope,
        });
    }

    // By Authorization or in the form (RFC 6749 §2.3.1); a public client says only who it is.
    private Client? Authenticate(string? authorization, IFormCollection form)
    {
        (string id, string? secret) = (form["client_id"].ToString(), form["client_secret"].ToString() is { Length: > 0 } given ? given : null);
        if (authorization?.StartsWith("Basic ", StringComparison.Ordinal) == true)
        {
            Span<byte> bytes = stackalloc byte[1024];
            if (!Convert.TryFromBase64String(authorization["Basic ".Length..], bytes, out int length))
            {
                return null;
            }

            string[] parts = Encoding.UTF8.GetString(bytes[..length]).Split(':', 2);
            (id, secret) = (Uri.UnescapeDataString(parts[0]), parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : null);
        }

        return _clients.TryGetValue(id, out Client? client) && client.Secret == secret ? client : null;
    }

    private sealed record Client(string Id, string? Secret, string[] Groups);
}
