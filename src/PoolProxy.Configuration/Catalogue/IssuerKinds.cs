using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Catalogue;

/// <summary>The kinds that only issuers use.</summary>
internal static class IssuerKinds
{
    // RFC 7518 §3.1 without HMAC and without none.
    private static readonly string[] Asymmetric = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    // They change with each token, or end it: as part of the identity they would make every refreshed token another person.
    private static readonly string[] NeverExposed = ["jti", "iat", "exp", "nbf"];

    public static readonly ChoiceKind<IssuerType> Type = new([("jwt", IssuerType.Jwt), ("saml", IssuerType.Saml), ("verifier", IssuerType.Verifier)]);

    public static readonly ChoiceKind<IntrospectionFormat> Format = new([("form", IntrospectionFormat.Form), ("json", IntrospectionFormat.Json)]);

    // Visible ASCII: what a token is made of.
    public static readonly TextKind Prefix = new(Bounds.TextLength, mayBeEmpty: true, prefix => prefix.All(c => c is > ' ' and <= '~') ? null : new("a prefix is of visible ASCII letters"));

    public static readonly TextListKind List = new(splitsAtCommas: false);

    public static readonly TextListKind RequiredList = new(splitsAtCommas: false, mayBeEmpty: false);

    public static readonly TextListKind Algorithms = new(splitsAtCommas: false, mayBeEmpty: false, CheckAlgorithm);

    public static readonly TextListKind ExposedClaims = new(splitsAtCommas: false, check: claim =>
        NeverExposed.Contains(claim) ? new($"\"{claim}\" cannot be exposed", "jti, iat, exp and nbf differ between tokens of one person.") : null);

    // RFC 6749 §3.3: visible ASCII without quote and backslash, apart by single blanks.
    public static readonly TextKind Scope = new(Bounds.TextLength, mayBeEmpty: true, scope =>
        scope.Length == 0 || scope.Split(' ').All(word => word.Length > 0 && word.All(c => c is > ' ' and <= '~' and not ('"' or '\\'))) ? null : new("not a list of scopes apart by single blanks"));

    private static SettingProblem? CheckAlgorithm(string name)
    {
        if (Asymmetric.Contains(name)) return null;
        var allowed = $"It may be {string.Join(", ", Asymmetric)}.";
        return name switch
        {
            "HS256" or "HS384" or "HS512" => new($"\"{name}\" is refused: whoever can check such a token can also make one", allowed),
            "none" => new("\"none\" is refused: such a token proves nothing", allowed),
            "EdDSA" or "Ed25519" or "Ed448" or "ES256K" => new($"\"{name}\" is not available in this version", allowed),
            _ => new($"\"{name}\" is not known", allowed),
        };
    }
}
