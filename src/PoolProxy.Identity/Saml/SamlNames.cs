namespace PoolProxy.Identity.Saml;

/// <summary>Namespaces and names of SAML 2.0 and XML Signature.</summary>
internal static class SamlNames
{
    public const string Assertion = "urn:oasis:names:tc:SAML:2.0:assertion";
    public const string Signature = "http://www.w3.org/2000/09/xmldsig#";
    public const string Schema = "http://www.w3.org/2001/XMLSchema-instance";
    public const string Bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
    public const string EnvelopedSignature = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
    public const string ExclusiveCanonicalization = "http://www.w3.org/2001/10/xml-exc-c14n#";

    /// <summary>The names that XML Signature has for the algorithms of <c>algorithms</c>. No SHA-1 is among them, and no elliptic curves: the platform's XML signatures know none.</summary>
    public static IReadOnlyDictionary<string, string> SignatureMethods { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["RS256"] = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        ["RS384"] = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
        ["RS512"] = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    };

    /// <summary>The digests that a reference may have.</summary>
    public static IReadOnlySet<string> DigestMethods { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmldsig-more#sha384", "http://www.w3.org/2001/04/xmlenc#sha512",
    };
}
