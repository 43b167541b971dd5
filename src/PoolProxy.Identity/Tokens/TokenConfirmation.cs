using System.Text;
using System.Text.Json;
using PoolProxy.Identity.Claims;

namespace PoolProxy.Identity.Tokens;

/// <summary>
/// What a token asks of whoever shows it: <c>cnf</c> (RFC 7800). Only a client certificate can be looked at here (<c>x5t#S256</c>, RFC 8705 §3.1): a
/// session of PostgreSQL's protocol carries no other proof, so a token that asks for one is refused and not taken as if it asked for none.
/// </summary>
internal static class TokenConfirmation
{
    private const string Claim = "cnf";
    private const string Thumbprint = "x5t#S256";
    private const int HashBytes = 32;

    /// <summary>Reads the claim: the fault, or null with the thumbprint of the certificate, itself null where the token asks for none.</summary>
    public static TokenRefusal? TryRead(ClaimSet claims, out string? thumbprint)
    {
        thumbprint = null;
        if (!claims.TryFind(ClaimPath.AtRoot(Claim), out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Object || !value.EnumerateObject().Any())
        {
            return TokenRefusal.ConfirmationMalformed;
        }

        if (value.EnumerateObject().Any(member => member.Name != Thumbprint))
        {
            return TokenRefusal.ConfirmationUnsupported;
        }

        string? text = value.GetProperty(Thumbprint) is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;
        if (text is null || !StrictBase64Url.TryDecode(Encoding.UTF8.GetBytes(text), out byte[]? hash) || hash.Length != HashBytes)
        {
            return TokenRefusal.ConfirmationMalformed;
        }

        thumbprint = text;
        return null;
    }
}
