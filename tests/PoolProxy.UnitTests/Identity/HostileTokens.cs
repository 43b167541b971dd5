using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using PoolProxy.Identity.Tokens;
using PoolProxy.Sandbox.Issuers;

namespace PoolProxy.UnitTests.Identity;

/// <summary>
/// Tokens that nobody may enter with, each wrong in one thing, with the reason that must be found inside: RFC 8725 §2, the traps of lenient
/// JSON readers, and the token CVEs of the last years.
/// </summary>
internal static class HostileTokens
{
    private const string GoodHeader = """{"alg":"RS256","kid":"rsa","typ":"at+jwt"}""";
    private static readonly long Now = Corp.Now.ToUnixTimeSeconds();
    private static readonly string GoodPayload =
        $$"""{"iss":"{{Corp.Issuer}}","sub":"alice","aud":"poolproxy","iat":{{Now}},"exp":{{Now + 600}}}""";

    public static readonly IReadOnlyDictionary<string, (TokenRefusal Reason, Func<string> Make)> All = List().ToDictionary(
        entry => entry.Name, entry => (entry.Reason, entry.Make));

    private static IEnumerable<(string Name, TokenRefusal Reason, Func<string> Make)> List() =>
        [.. Shapes(), .. Encodings(), .. Headers(), .. Algorithms(), .. KeyChoices(), .. Signatures(), .. Payloads(), .. Times(), .. Audiences(), .. Subjects(), .. Confirmations()];

    private static IEnumerable<(string, TokenRefusal, Func<string>)> Shapes() =>
    [
        ("nothing", TokenRefusal.NotThreeParts, () => ""),
        ("a word", TokenRefusal.NotThreeParts, () => "hunter2"),
        ("two parts", TokenRefusal.NotThreeParts, () => Cut(Good(), 2)),
        ("four parts", TokenRefusal.NotThreeParts, () => Good() + ".AAAA"),
        ("six parts", TokenRefusal.NotThreeParts, () => Good() + ".A.A.A"),
        ("five parts: a JWE", TokenRefusal.Encrypted, () => Encode("""{"alg":"RSA-OAEP","enc":"A256GCM"}""") + ".AAAA.AAAA.AAAA.AAAA"),
        ("a JWE that would unfold", TokenRefusal.Encrypted, () => Encode("""{"alg":"dir","enc":"A128CBC-HS256","zip":"DEF"}""") + "..AAAA.AAAA.AAAA"),
        ("JSON serialization", TokenRefusal.NotThreeParts, () => """{"payload":"e30","signatures":[{"protected":"e30","signature":""}]}"""),
        ("10 MB", TokenRefusal.TooLong, () => Good() + new string('A', 10 * 1024 * 1024)),
        ("10 MB of dots", TokenRefusal.TooLong, () => new string('.', 10 * 1024 * 1024)),
        ("one byte over the bound", TokenRefusal.TooLong, () => Good().PadRight(Corp.Policy.MaxTokenBytes + 1, 'A')),
        ("empty header", TokenRefusal.NotJson, () => "." + Encode(GoodPayload) + ".AAAA"),
        ("empty payload", TokenRefusal.NotJson, () => Token().RawPayload("").Build()),
        ("dots only", TokenRefusal.NotJson, () => ".."),
    ];

    private static IEnumerable<(string, TokenRefusal, Func<string>)> Encodings() =>
    [
        ("padded header", TokenRefusal.NotBase64Url, () => Part(0, part => part + "=")),
        ("padded payload", TokenRefusal.NotBase64Url, () => Part(1, part => part + "==")),
        ("padded signature", TokenRefusal.NotBase64Url, () => Part(2, part => part + "==")),
        ("letters of plain base64", TokenRefusal.NotBase64Url, () => Part(2, part => "+/" + part[2..])),
        ("a blank in front", TokenRefusal.NotBase64Url, () => " " + Good()),
        ("a line end behind", TokenRefusal.NotBase64Url, () => Good() + "\n"),
        ("a blank inside", TokenRefusal.NotBase64Url, () => Part(1, part => part.Insert(4, " "))),
        ("NUL behind", TokenRefusal.NotBase64Url, () => Good() + "\0"),
        ("Bearer in front", TokenRefusal.NotBase64Url, () => "Bearer " + Good()),
        ("spare bits in the signature", TokenRefusal.NotBase64Url, () => Part(2, part => part[..^1] + (char)(part[^1] + 1))),
        ("a part of impossible length", TokenRefusal.NotBase64Url, () => Part(2, _ => "AAAAA")),
        ("high bytes", TokenRefusal.NotBase64Url, () => Part(1, part => part + "\u00ff\u00fe")),
        ("bad UTF-8 in the header", TokenRefusal.NotUtf8, () => Token().RawHeader(Broken(GoodHeader, 0xff)).Build()),
        ("bad UTF-8 in the payload", TokenRefusal.NotUtf8, () => Token().RawPayload(Broken(GoodPayload, 0xff)).Build()),
        ("overlong UTF-8", TokenRefusal.NotUtf8, () => Token().RawPayload(Broken(GoodPayload, 0xc0, 0xa2)).Build()),
        ("half a surrogate in UTF-8", TokenRefusal.NotUtf8, () => Token().RawPayload(Broken(GoodPayload, 0xed, 0xa0, 0x80)).Build()),
        ("a byte order mark", TokenRefusal.NotJson, () => Token().RawPayload("\ufeff" + GoodPayload).Build()),
        ("UTF-16", TokenRefusal.NotJson, () => Token().RawPayload(Encoding.Unicode.GetBytes(GoodPayload)).Build()),
        ("half a surrogate pair by escape", TokenRefusal.BadText, () => Token().RawPayload(GoodPayload.Replace("alice", "al\\ud800ice")).Build()),
        ("a low surrogate alone", TokenRefusal.BadText, () => Token().RawPayload(GoodPayload.Replace("alice", "\\uDC00")).Build()),
        ("half a surrogate pair as a name", TokenRefusal.BadText, () => Token().RawPayload(GoodPayload.Replace("\"sub\"", "\"\\ud83d\":1,\"sub\"")).Build()),
        ("NUL by escape", TokenRefusal.BadText, () => Token().RawPayload(GoodPayload.Replace("alice", "alice\\u0000")).Build()),
    ];

    private static IEnumerable<(string, TokenRefusal, Func<string>)> Headers() =>
    [
        ("header is an array", TokenRefusal.NotAnObject, () => Token().RawHeader("[]").Build()),
        ("header is null", TokenRefusal.NotAnObject, () => Token().RawHeader("null").Build()),
        ("header is text", TokenRefusal.NotAnObject, () => Token().RawHeader("\"RS256\"").Build()),
        ("comment in the header", TokenRefusal.NotJson, () => Token().RawHeader(GoodHeader.Insert(1, "/*x*/")).Build()),
        ("trailing comma", TokenRefusal.NotJson, () => Token().RawHeader(GoodHeader.Replace("}", ",}")).Build()),
        ("bytes behind the header", TokenRefusal.NotJson, () => Token().RawHeader(GoodHeader + "{}").Build()),
        ("single quotes", TokenRefusal.NotJson, () => Token().RawHeader("{'alg':'RS256'}").Build()),
        ("alg twice", TokenRefusal.DuplicateName, () => Token().RawHeader("""{"alg":"none","kid":"rsa","alg":"RS256"}""").Build()),
        ("alg twice by escape", TokenRefusal.DuplicateName, () => Token().RawHeader("""{"alg":"RS256","kid":"rsa","\u0061lg":"none"}""").Build()),
        ("header too deep", TokenRefusal.TooDeep, () => Token().RawHeader($$"""{"alg":"RS256","x":{{Nested(16)}}}""").Build()),
        ("crit that names exp", TokenRefusal.CriticalExtension, () => Token().Header("crit", new JsonArray("exp")).Build()),
        ("crit that is empty", TokenRefusal.CriticalExtension, () => Token().Header("crit", new JsonArray()).Build()),
        ("crit that is null", TokenRefusal.CriticalExtension, () => Token().RawHeader("""{"alg":"RS256","kid":"rsa","crit":null}""").Build()),
        ("crit with b64", TokenRefusal.CriticalExtension, () => Token().Header("crit", new JsonArray("b64")).Header("b64", false).Build()),
        ("b64 without crit", TokenRefusal.PayloadEncoding, () => Token().Header("b64", false).Build()),
        ("zip", TokenRefusal.PayloadEncoding, () => Token().Header("zip", "DEF").Build()),
        ("jku", TokenRefusal.KeyInHeader, () => Token(Corp.Stranger).Header("jku", "https://evil.example/jwks").Build()),
        ("x5u", TokenRefusal.KeyInHeader, () => Token(Corp.Stranger).Header("x5u", "https://evil.example/x5").Build()),
        ("embedded jwk", TokenRefusal.KeyInHeader, () => Token(Corp.Stranger).Header("jwk", Corp.Stranger.ToJwk()).Build()),
        ("nested token", TokenRefusal.NestedToken, () => Token().Header("cty", "JWT").RawPayload(Good()).Build()),
        ("nested token, long form", TokenRefusal.NestedToken, () => Token().Header("cty", "application/jwt").Build()),
        ("payload is a token", TokenRefusal.NotJson, () => Token().RawPayload(Good()).Build()),
        ("logout token", TokenRefusal.WrongType, () => Token().Header("typ", "logout+jwt").Build()),
        ("security event token", TokenRefusal.WrongType, () => Token().Header("typ", "application/secevent+jwt").Build()),
        ("DPoP proof", TokenRefusal.WrongType, () => Token().Header("typ", "dpop+jwt").Build()),
        ("typ is a number", TokenRefusal.HeaderMalformed, () => Token().Header("typ", 1).Build()),
        ("cty is a number", TokenRefusal.HeaderMalformed, () => Token().Header("cty", 1).Build()),
    ];

    private static IEnumerable<(string, TokenRefusal, Func<string>)> Algorithms() =>
    [
        ("alg missing", TokenRefusal.HeaderMalformed, () => Token().RawHeader("""{"kid":"rsa"}""").Build()),
        ("alg null", TokenRefusal.HeaderMalformed, () => Token().RawHeader("""{"alg":null,"kid":"rsa"}""").Build()),
        ("alg a number", TokenRefusal.HeaderMalformed, () => Token().RawHeader("""{"alg":256,"kid":"rsa"}""").Build()),
        ("alg an array", TokenRefusal.HeaderMalformed, () => Token().RawHeader("""{"alg":["RS256"],"kid":"rsa"}""").Build()),
        ("alg empty", TokenRefusal.HeaderMalformed, () => Token().RawHeader("""{"alg":"","kid":"rsa"}""").Build()),
        ("alg very long", TokenRefusal.HeaderMalformed, () => Token().RawHeader($$"""{"alg":"{{new string('R', 5000)}}","kid":"rsa"}""").Build()),
        ("none", TokenRefusal.AlgorithmUnsupported, () => Token().Unsigned().Build()),
        ("none, with a signature", TokenRefusal.AlgorithmUnsupported, () => Named("none")),
        ("None", TokenRefusal.AlgorithmUnsupported, () => Named("None")),
        ("NONE", TokenRefusal.AlgorithmUnsupported, () => Named("NONE")),
        ("nOnE", TokenRefusal.AlgorithmUnsupported, () => Named("nOnE")),
        ("none with a blank", TokenRefusal.AlgorithmUnsupported, () => Named("none ")),
        ("none by escapes", TokenRefusal.AlgorithmUnsupported, () => Named("\\u006eone")),
        ("HS256 with the public key's PEM", TokenRefusal.AlgorithmUnsupported, () => Token().SignedByHmac(Encoding.ASCII.GetBytes(Corp.Rsa.PublicPem)).Build()),
        ("HS256 with the modulus", TokenRefusal.AlgorithmUnsupported, () => Token().SignedByHmac(WebEncoders.Base64UrlDecode((string)Corp.Rsa.ToJwk()["n"]!)).Build()),
        ("HS256 with nothing", TokenRefusal.AlgorithmUnsupported, () => Token().SignedByHmac([]).Build()),
        ("HS512", TokenRefusal.AlgorithmUnsupported, () => Named("HS512")),
        ("rs256 in small letters", TokenRefusal.AlgorithmUnsupported, () => Named("rs256")),
        ("ES256K", TokenRefusal.AlgorithmUnsupported, () => Named("ES256K")),
        ("EdDSA", TokenRefusal.AlgorithmUnsupported, () => Named("EdDSA")),
        ("an encryption's name", TokenRefusal.AlgorithmUnsupported, () => Named("RSA1_5")),
        ("the algorithm by its URI", TokenRefusal.AlgorithmUnsupported, () => Named("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")),
        ("RS256 with NUL behind", TokenRefusal.BadText, () => Named("RS256\\u0000")),
        ("RS512, which the key could", TokenRefusal.AlgorithmNotAllowed, () => Token().Algorithm("RS512").Build()),
        ("PS256, which the key could", TokenRefusal.AlgorithmNotAllowed, () => Token().Algorithm("PS256").Build()),
        ("ES384, which the issuer has a key for", TokenRefusal.AlgorithmNotAllowed, () => Token(Corp.Ec384).Build()),
    ];

    private static IEnumerable<(string, TokenRefusal, Func<string>)> KeyChoices() =>
    [
        ("unknown kid", TokenRefusal.KeyUnknown, () => Kid("\"other\"")),
        ("kid as a path", TokenRefusal.KeyUnknown, () => Kid("\"../../../../dev/null\"")),
        ("kid as SQL", TokenRefusal.KeyUnknown, () => Kid("\"x' UNION SELECT 'key' --\"")),
        ("kid as an address", TokenRefusal.KeyUnknown, () => Kid("\"https://evil.example/key\"")),
        ("kid in other letters", TokenRefusal.KeyUnknown, () => Kid("\"RSA\"")),
        ("kid with a blank", TokenRefusal.KeyUnknown, () => Kid("\"rsa \"")),
        ("kid a number", TokenRefusal.HeaderMalformed, () => Kid("1")),
        ("kid null", TokenRefusal.HeaderMalformed, () => Kid("null")),
        ("kid an object", TokenRefusal.HeaderMalformed, () => Kid("{}")),
        ("kid empty", TokenRefusal.HeaderMalformed, () => Kid("\"\"")),
        ("kid too long", TokenRefusal.HeaderMalformed, () => Kid($"\"{new string('k', 257)}\"")),
        ("RS256 with the curve's kid", TokenRefusal.KeyMismatch, () => Kid("\"ec\"")),
        ("ES256 with the RSA kid", TokenRefusal.KeyMismatch, () => Token(Corp.Ec).RawHeader("""{"alg":"ES256","kid":"rsa"}""").Build()),
        ("ES256 on another curve", TokenRefusal.KeyMismatch, () => Token(Corp.Ec384).RawHeader("""{"alg":"ES256","kid":"ec384"}""").Build()),
    ];

    private static IEnumerable<(string, TokenRefusal, Func<string>)> Signatures() =>
    [
        ("forged by a stranger", TokenRefusal.SignatureInvalid, () => Token().ForgedBy(Corp.Stranger).Build()),
        ("forged, with the stranger's certificate in x5c", TokenRefusal.SignatureInvalid, () => Token().ForgedBy(Corp.Stranger).Header("x5c", new JsonArray("MIIB")).Build()),
        ("payload exchanged", TokenRefusal.SignatureInvalid, () => Part(1, _ => Encode(GoodPayload.Replace("alice", "mallory")))),
        ("header exchanged", TokenRefusal.SignatureInvalid, () => Part(0, _ => Encode("""{"alg":"RS256","kid":"rsa"}"""))),
        ("no signature", TokenRefusal.SignatureInvalid, () => Part(2, _ => "")),
        ("signature cut", TokenRefusal.SignatureInvalid, () => Token().SignedWith(input => Corp.Rsa.Sign(input)[..^1]).Build()),
        ("signature lengthened", TokenRefusal.SignatureInvalid, () => Token().SignedWith(input => [0, .. Corp.Rsa.Sign(input)]).Build()),
        ("signature of zeros", TokenRefusal.SignatureInvalid, () => Token().SignedWith(_ => new byte[256]).Build()),
        ("signature of ones", TokenRefusal.SignatureInvalid, () => Token().SignedWith(_ => [.. Enumerable.Repeat((byte)0xff, 256)]).Build()),
        ("PSS under the name of PKCS #1", TokenRefusal.SignatureInvalid, () => Token().SignedWith(input => Corp.Rsa.Sign(input, "PS256")).Build()),
        ("SHA-512 under the name of SHA-256", TokenRefusal.SignatureInvalid, () => Token().SignedWith(input => Corp.Rsa.Sign(input, "RS512")).Build()),
        ("r and s of zero", TokenRefusal.SignatureInvalid, () => Token(Corp.Ec).SignedWith(_ => new byte[64]).Build()),
        ("r and s of one", TokenRefusal.SignatureInvalid, () => Token(Corp.Ec).SignedWith(_ => [.. new byte[31], 1, .. new byte[31], 1]).Build()),
        ("r and s beyond the order", TokenRefusal.SignatureInvalid, () => Token(Corp.Ec).SignedWith(_ => [.. Enumerable.Repeat((byte)0xff, 64)]).Build()),
        ("DER where r and s belong", TokenRefusal.SignatureInvalid, () => Token(Corp.Ec).SignedWith(Der).Build()),
        ("signed without the dot", TokenRefusal.SignatureInvalid, () => Token().SignedWith(input => Corp.Rsa.Sign(input.Replace(".", ""))).Build()),
    ];

    private static IEnumerable<(string, TokenRefusal, Func<string>)> Payloads() =>
    [
        ("payload is an array", TokenRefusal.NotAnObject, () => Token().RawPayload("[]").Build()),
        ("payload is a number", TokenRefusal.NotAnObject, () => Token().RawPayload("1").Build()),
        ("sub twice", TokenRefusal.DuplicateName, () => Token().RawPayload(GoodPayload.Insert(1, "\"sub\":\"admin\",")).Build()),
        ("a nested name twice", TokenRefusal.DuplicateName, () => Token().RawPayload(GoodPayload.Insert(1, "\"a\":{\"b\":1,\"b\":2},")).Build()),
        ("20 000 levels", TokenRefusal.TooDeep, () => Token().RawPayload(GoodPayload.Insert(1, $"\"a\":{Nested(20_000)},")).Build()),
        ("20 000 levels left open", TokenRefusal.TooDeep, () => Token().RawPayload(new string('[', 20_000)).Build()),
        ("17 levels", TokenRefusal.TooDeep, () => Token().RawPayload(GoodPayload.Insert(1, $"\"a\":{Nested(16)},")).Build()),
        ("bytes behind the payload", TokenRefusal.NotJson, () => Token().RawPayload(GoodPayload + " x").Build()),
        ("a comment in the payload", TokenRefusal.NotJson, () => Token().RawPayload(GoodPayload.Insert(1, "//x\n")).Build()),
        ("NaN", TokenRefusal.NotJson, () => Token().RawPayload(GoodPayload.Insert(1, "\"a\":NaN,")).Build()),
        ("iss missing", TokenRefusal.IssuerMissing, () => Token().Without("iss").Build()),
        ("iss a number", TokenRefusal.IssuerMissing, () => Token().Claim("iss", 1).Build()),
        ("iss an array", TokenRefusal.IssuerMissing, () => Token().Claim("iss", [Corp.Issuer]).Build()),
        ("iss another", TokenRefusal.IssuerUnknown, () => Token().Claim("iss", "https://evil.example").Build()),
        ("iss with a slash", TokenRefusal.IssuerUnknown, () => Token().Claim("iss", Corp.Issuer + "/").Build()),
        ("iss in capitals", TokenRefusal.IssuerUnknown, () => Token().Claim("iss", Corp.Issuer.ToUpperInvariant()).Build()),
        ("iss that begins like ours", TokenRefusal.IssuerUnknown, () => Token().Claim("iss", Corp.Issuer + ".evil.example").Build()),
    ];

    private static IEnumerable<(string, TokenRefusal, Func<string>)> Times() =>
    [
        ("exp missing", TokenRefusal.ExpiryMissing, () => Token().Without("exp").Build()),
        ("exp as text", TokenRefusal.DateMalformed, () => Token().Claim("exp", (Now + 600).ToString(CultureInfo.InvariantCulture)).Build()),
        ("exp null", TokenRefusal.DateMalformed, () => Exp("null")),
        ("exp true", TokenRefusal.DateMalformed, () => Exp("true")),
        ("exp an array", TokenRefusal.DateMalformed, () => Exp($"[{Now + 600}]")),
        ("exp with a fraction", TokenRefusal.DateMalformed, () => Exp($"{Now + 600}.5")),
        ("exp of 400 digits", TokenRefusal.DateMalformed, () => Exp(new string('9', 400))),
        ("exp beyond every double", TokenRefusal.DateMalformed, () => Exp("1e400")),
        ("exp of 1e-400", TokenRefusal.DateMalformed, () => Exp("-1e400")),
        ("exp of 2^63", TokenRefusal.DateMalformed, () => Exp("9223372036854775808")),
        ("exp of 2^63 - 1", TokenRefusal.DateMalformed, () => Exp("9223372036854775807")),
        ("exp after the year 9999", TokenRefusal.DateMalformed, () => Exp("253402300800")),
        ("exp before 1970", TokenRefusal.DateMalformed, () => Exp("-1")),
        ("exp of milliseconds", TokenRefusal.DateMalformed, () => Exp($"{(Now + 600) * 1000}")),
        ("exp of 0", TokenRefusal.Expired, () => Exp("0")),
        ("expired beyond the skew", TokenRefusal.Expired, () => Exp($"{Now - 30}")),
        ("nbf far in the future", TokenRefusal.NotYetValid, () => Token().Claim("nbf", 253402300799).Build()),
        ("nbf just beyond the skew", TokenRefusal.NotYetValid, () => Token().Claim("nbf", Now + 31).Build()),
        ("nbf as text", TokenRefusal.DateMalformed, () => Token().Claim("nbf", "0").Build()),
        ("nbf beyond every date", TokenRefusal.DateMalformed, () => Token().Claim("nbf", long.MaxValue).Build()),
        ("iat in the future", TokenRefusal.IssuedInFuture, () => Token().Claim("iat", Now + 31).Build()),
        ("iat as text", TokenRefusal.DateMalformed, () => Token().Claim("iat", "now").Build()),
        ("ten years long", TokenRefusal.LifetimeTooLong, () => Exp($"{Now + (10 * 365 * 86400)}")),
        ("ten years long without iat", TokenRefusal.LifetimeTooLong, () => Token().Without("iat").Claim("exp", Now + (10 * 365 * 86400)).Build()),
        ("valid until the end of time", TokenRefusal.LifetimeTooLong, () => Exp("253402300799")),
    ];

    private static IEnumerable<(string, TokenRefusal, Func<string>)> Audiences() =>
    [
        ("aud missing", TokenRefusal.AudienceMissing, () => Token().Without("aud").Build()),
        ("aud another", TokenRefusal.AudienceWrong, () => Token().Claim("aud", "billing").Build()),
        ("aud of others", TokenRefusal.AudienceWrong, () => Token().Claim("aud", ["billing", "wiki"]).Build()),
        ("aud empty array", TokenRefusal.AudienceWrong, () => Token().Claim("aud", new JsonArray()).Build()),
        ("aud empty text", TokenRefusal.AudienceWrong, () => Token().Claim("aud", "").Build()),
        ("aud that begins like ours", TokenRefusal.AudienceWrong, () => Token().Claim("aud", "poolproxy.evil").Build()),
        ("aud with ours in a list by blanks", TokenRefusal.AudienceWrong, () => Token().Claim("aud", "wiki poolproxy").Build()),
        ("aud in capitals", TokenRefusal.AudienceWrong, () => Token().Claim("aud", "PoolProxy").Build()),
        ("aud null", TokenRefusal.AudienceMalformed, () => Token().RawPayload(GoodPayload.Replace("\"poolproxy\"", "null")).Build()),
        ("aud an object", TokenRefusal.AudienceMalformed, () => Token().Claim("aud", new JsonObject { ["poolproxy"] = true }).Build()),
        ("aud with a number among ours", TokenRefusal.AudienceMalformed, () => Token().Claim("aud", new JsonArray("poolproxy", 1)).Build()),
    ];

    private static IEnumerable<(string, TokenRefusal, Func<string>)> Subjects() =>
    [
        ("sub missing", TokenRefusal.SubjectMissing, () => Token().Without("sub").Build()),
        ("sub a number", TokenRefusal.SubjectMalformed, () => Token().Claim("sub", 42).Build()),
        ("sub empty", TokenRefusal.SubjectMalformed, () => Token().Claim("sub", "").Build()),
        ("sub with a line end", TokenRefusal.SubjectMalformed, () => Token().Claim("sub", "alice\nFATAL: forged line").Build()),
        ("sub with a terminal's escape", TokenRefusal.SubjectMalformed, () => Token().Claim("sub", "\u001b[2J").Build()),
        ("sub too long", TokenRefusal.SubjectMalformed, () => Token().Claim("sub", new string('a', 1025)).Build()),
        ("jti a number", TokenRefusal.SubjectMalformed, () => Token().Claim("jti", 1).Build()),
        ("jti too long", TokenRefusal.SubjectMalformed, () => Token().Claim("jti", new string('a', 1025)).Build()),
    ];

    private static IEnumerable<(string, TokenRefusal, Func<string>)> Confirmations() =>
    [
        ("cnf of DPoP", TokenRefusal.ConfirmationUnsupported, () => Cnf(new JsonObject { ["jkt"] = Thumbprint })),
        ("cnf with a certificate and DPoP", TokenRefusal.ConfirmationUnsupported, () => Cnf(new JsonObject { ["x5t#S256"] = Thumbprint, ["jkt"] = Thumbprint })),
        ("cnf with a key", TokenRefusal.ConfirmationUnsupported, () => Cnf(new JsonObject { ["jwk"] = Corp.Ec.ToJwk() })),
        ("cnf with a key id", TokenRefusal.ConfirmationUnsupported, () => Cnf(new JsonObject { ["kid"] = "rsa" })),
        ("cnf with SHA-1", TokenRefusal.ConfirmationUnsupported, () => Cnf(new JsonObject { ["x5t"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAA" })),
        ("cnf in small letters", TokenRefusal.ConfirmationUnsupported, () => Cnf(new JsonObject { ["x5t#s256"] = Thumbprint })),
        ("cnf empty", TokenRefusal.ConfirmationMalformed, () => Cnf(new JsonObject())),
        ("cnf null", TokenRefusal.ConfirmationMalformed, () => Cnf(null)),
        ("cnf a text", TokenRefusal.ConfirmationMalformed, () => Token().Claim("cnf", Thumbprint).Build()),
        ("cnf an array", TokenRefusal.ConfirmationMalformed, () => Cnf(new JsonArray(new JsonObject { ["x5t#S256"] = Thumbprint }))),
        ("thumbprint null", TokenRefusal.ConfirmationMalformed, () => Cnf(new JsonObject { ["x5t#S256"] = null })),
        ("thumbprint empty", TokenRefusal.ConfirmationMalformed, () => Cnf(new JsonObject { ["x5t#S256"] = "" })),
        ("thumbprint too short", TokenRefusal.ConfirmationMalformed, () => Cnf(new JsonObject { ["x5t#S256"] = Thumbprint[..40] })),
        ("thumbprint padded", TokenRefusal.ConfirmationMalformed, () => Cnf(new JsonObject { ["x5t#S256"] = Thumbprint + "=" })),
        ("thumbprint in hexadecimal", TokenRefusal.ConfirmationMalformed, () => Cnf(new JsonObject { ["x5t#S256"] = new string('a', 64) })),
        ("thumbprint with spare bits", TokenRefusal.ConfirmationMalformed, () => Cnf(new JsonObject { ["x5t#S256"] = Thumbprint[..^1] + "B" })),
    ];

    private static string Thumbprint => new('A', 43);

    private static string Cnf(JsonNode? value) => Token().Claim("cnf", value).Build();

    private static TokenBuilder Token(IssuerKey? key = null) => Corp.Token(key);

    private static string Good() => Token().Build();

    private static string Kid(string json) => Token().RawHeader($$"""{"alg":"RS256","kid":{{json}}}""").Build();

    private static string Named(string algorithm) => Token().RawHeader($$"""{"alg":"{{algorithm}}","kid":"rsa"}""").Build();

    private static string Exp(string json) => Token().RawPayload(GoodPayload.Replace($"{Now + 600}", json)).Build();

    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);

    private static string Cut(string token, int parts) => string.Join('.', token.Split('.').Take(parts));

    private static string Encode(string text) => WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(text));

    private static byte[] Broken(string json, params byte[] bytes)
    {
        int at = json.IndexOf(':') + 2;
        return [.. Encoding.UTF8.GetBytes(json[..at]), .. bytes, .. Encoding.UTF8.GetBytes(json[at..])];
    }

    private static string Part(int index, Func<string, string> change)
    {
        string[] parts = Good().Split('.');
        parts[index] = change(parts[index]);
        return string.Join('.', parts);
    }

    private static byte[] Der(string input)
    {
        byte[] pair = Corp.Ec.Sign(input);
        return [0x30, 0x44, 0x02, 0x20, .. pair[..32], 0x02, 0x20, .. pair[32..]];
    }
}
