using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace PoolProxy.Identity.Claims;

/// <summary>
/// What a token says of its bearer: a JSON object that has passed <see cref="JsonBounds"/>. Immutable and independent of the token's bytes,
/// so it may outlive them and be read by several threads.
/// </summary>
public sealed class ClaimSet
{
    /// <summary>The longest JSON text that <see cref="TryExpose"/> makes, in (ASCII) bytes: every change of identity sends it again.</summary>
    public const int MaxExposedBytes = 16 * 1024;

    // Fresh with every token: were they exposed, each refreshed token would be another identity.
    private static readonly string[] NeverExposed = ["jti", "iat", "exp", "nbf"];

    private readonly JsonElement _root;

    /// <param name="root">An object of a document that is never disposed: a clone.</param>
    internal ClaimSet(JsonElement root) => _root = root;

    /// <summary>Reads claims that came without a token, such as an introspection answer or a test's: the same bounds hold.</summary>
    /// <returns>False for anything but one bounded JSON object without duplicate names.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out ClaimSet? claims)
    {
        claims = JsonBounds.TryReadObject(json, out JsonElement root) == JsonFault.None ? new ClaimSet(root) : null;
        return claims is not null;
    }

    /// <summary>The value at <paramref name="path"/>; false where a name is missing or something other than an object stands in between.</summary>
    public bool TryFind(ClaimPath path, out JsonElement value)
    {
        value = _root;
        foreach (string name in path.Names)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
            {
                value = default;
                return false;
            }
        }

        return true;
    }

    /// <summary>The text of the claim <paramref name="name"/> at the root; null where it is missing or no string.</summary>
    public string? FindText(string name) =>
        _root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>
    /// The claims that SQL may see, as canonical JSON: ASCII only, names sorted by code unit, no white space, so that equal claims are equal
    /// texts. A name is first looked for as it is at the root, then, if it holds dots, as a path, and is then nested again in the result.
    /// <c>jti</c>, <c>iat</c>, <c>exp</c> and <c>nbf</c> are left out even if named.
    /// </summary>
    /// <returns>False when the text would pass <see cref="MaxExposedBytes"/> or hold a number that PostgreSQL's json types cannot take.</returns>
    public bool TryExpose(IReadOnlyList<string> names, [NotNullWhen(true)] out string? json)
    {
        var exposed = new ExposedObject();
        foreach (string name in names)
        {
            ClaimPath path = _root.TryGetProperty(name, out _) ? ClaimPath.AtRoot(name) : ClaimPath.FromDotted(name);
            if (!NeverExposed.Contains(path.Names[0]) && TryFind(path, out JsonElement value))
            {
                exposed.Add(path, value);
            }
        }

        return CanonicalJson.TryWrite(exposed, MaxExposedBytes, out json);
    }
}
