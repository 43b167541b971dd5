using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using PoolProxy.Identity.Claims;

namespace PoolProxy.Identity.Keys;

/// <summary>What is used of an issuer's metadata (OpenID Connect Discovery 1.0 §4, RFC 8414 §3): where its keys are.</summary>
public static class DiscoveryDocument
{
    /// <summary>The places to ask for the metadata of <paramref name="issuer"/>, in order: OpenID's appends to the path, RFC 8414's goes before it.</summary>
    /// <param name="issuer">An absolute address.</param>
    public static IReadOnlyList<Uri> Places(Uri issuer)
    {
        string path = issuer.AbsolutePath.TrimEnd('/');
        return
        [
            new Uri(issuer, path + "/.well-known/openid-configuration"),
            new Uri(issuer, "/.well-known/oauth-authorization-server" + path),
        ];
    }

    /// <summary>Reads the address of the keys.</summary>
    /// <param name="document">The metadata; the caller bounds its length.</param>
    /// <param name="issuer">The configured issuer: the document must name the same, or it is somebody else's (OpenID Connect Discovery §4.3).</param>
    /// <param name="jwksAddress">An absolute address; null on false. Whether its scheme is acceptable is the caller's question.</param>
    /// <param name="fault">On false, a sentence on what is wrong.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> document,
        string issuer,
        [NotNullWhen(true)] out Uri? jwksAddress,
        [NotNullWhen(false)] out string? fault)
    {
        jwksAddress = null;
        JsonFault jsonFault = JsonBounds.TryReadObject(document, out JsonElement root);
        if (jsonFault != JsonFault.None)
        {
            fault = $"The discovery document is not usable JSON ({jsonFault}).";
            return false;
        }

        var metadata = new ClaimSet(root);
        if (metadata.FindText("issuer") != issuer)
        {
            fault = "The discovery document is another issuer's.";
            return false;
        }

        if (metadata.FindText("jwks_uri") is not { } text || !Uri.TryCreate(text, UriKind.Absolute, out jwksAddress))
        {
            fault = "The discovery document has no \"jwks_uri\" that is an absolute address.";
            return false;
        }

        fault = null;
        return true;
    }
}
