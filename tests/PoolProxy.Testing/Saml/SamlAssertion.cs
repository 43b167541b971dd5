using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;

namespace PoolProxy.Testing.Saml;

/// <summary>An assertion in the making: every part of its text can be replaced, before it is signed and behind that.</summary>
public sealed class SamlAssertion
{
    public const string Namespace = "urn:oasis:names:tc:SAML:2.0:assertion";
    public const string RsaSha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    public const string Sha256 = "http://www.w3.org/2001/04/xmlenc#sha256";

    private readonly List<Func<string, string>> _before = [];
    private readonly List<Action<XmlDocument>> _after = [];
    private readonly List<Func<string, string>> _afterText = [];
    private readonly SamlProvider _provider;
    private readonly DateTimeOffset _now;
    private string _attributes = "";
    private RSA? _key;
    private string _method = RsaSha256;
    private string _digest = Sha256;
    private string _canonicalization = SignedXml.XmlDsigExcC14NTransformUrl;
    private Func<Reference, Reference> _reference = reference => reference;
    private Action<SignedXml> _signed = _ => { };
    private bool _isSigned = true;
    private Func<XmlDocument, XmlElement> _target = document => document.DocumentElement!;

    internal SamlAssertion(SamlProvider provider, string subject, DateTimeOffset now)
    {
        _provider = provider;
        _now = now;
        Subject = subject;
    }

    public string Subject { get; }

    /// <summary>Its ID.</summary>
    public string Id { get; } = "_" + RandomNumberGenerator.GetHexString(32, lowercase: true);

    public SamlAssertion Attribute(string name, params string[] values)
    {
        _attributes += $"<saml:Attribute Name=\"{name}\">{string.Concat(values.Select(value => $"<saml:AttributeValue>{value}</saml:AttributeValue>"))}</saml:Attribute>";
        return this;
    }

    /// <summary>Replaces text before it is signed; <paramref name="old"/> has to be there.</summary>
    public SamlAssertion Replace(string old, string by)
    {
        _before.Add(text => text.Contains(old, StringComparison.Ordinal) ? text.Replace(old, by, StringComparison.Ordinal) : throw new ArgumentException($"not there: {old}"));
        return this;
    }

    /// <summary>Replaces text that is signed.</summary>
    public SamlAssertion ReplaceAfter(string old, string by)
    {
        _afterText.Add(text => text.Contains(old, StringComparison.Ordinal) ? text.Replace(old, by, StringComparison.Ordinal) : throw new ArgumentException($"not there: {old}"));
        return this;
    }

    /// <summary>Changes the whole text behind the signature.</summary>
    public SamlAssertion RewriteAfter(Func<string, string> change)
    {
        _afterText.Add(change);
        return this;
    }

    /// <summary>Changes the tree behind the signature.</summary>
    public SamlAssertion ChangeAfter(Action<XmlDocument> change)
    {
        _after.Add(change);
        return this;
    }

    public SamlAssertion Unsigned()
    {
        _isSigned = false;
        return this;
    }

    public SamlAssertion SignedBy(RSA key)
    {
        _key = key;
        return this;
    }

    public SamlAssertion Method(string signature, string digest)
    {
        (_method, _digest) = (signature, digest);
        return this;
    }

    public SamlAssertion Canonicalization(string algorithm)
    {
        _canonicalization = algorithm;
        return this;
    }

    public SamlAssertion Reference(Func<Reference, Reference> change)
    {
        _reference = change;
        return this;
    }

    public SamlAssertion Signature(Action<SignedXml> change)
    {
        _signed = change;
        return this;
    }

    /// <summary>Signs another element than the root, and puts the signature there.</summary>
    public SamlAssertion Target(Func<XmlDocument, XmlElement> target)
    {
        _target = target;
        return this;
    }

    /// <summary>The text, signed.</summary>
    public string Xml()
    {
        string text = _before.Aggregate(Text(), (current, change) => change(current));
        var document = new XmlDocument { PreserveWhitespace = true };
        document.LoadXml(text);
        if (_isSigned)
        {
            Sign(document);
        }

        _after.ForEach(change => change(document));
        return _afterText.Aggregate(document.OuterXml, (current, change) => change(current));
    }

    /// <summary>As it is shown: base64.</summary>
    public string Build() => Convert.ToBase64String(Encoding.UTF8.GetBytes(Xml()));

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private string Text() =>
        $"<saml:Assertion xmlns:saml=\"{Namespace}\" ID=\"{Id}\" IssueInstant=\"{Time(_now)}\" Version=\"2.0\">"
        + $"<saml:Issuer>{_provider.Issuer}</saml:Issuer>"
        + $"<saml:Subject><saml:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified\">{Subject}</saml:NameID>"
        + "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">"
        + $"<saml:SubjectConfirmationData NotOnOrAfter=\"{Time(_now.AddMinutes(5))}\" Recipient=\"{_provider.Recipient}\"/></saml:SubjectConfirmation></saml:Subject>"
        + $"<saml:Conditions NotBefore=\"{Time(_now.AddMinutes(-1))}\" NotOnOrAfter=\"{Time(_now.AddMinutes(6))}\">"
        + $"<saml:AudienceRestriction><saml:Audience>{_provider.Audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
        + $"<saml:AuthnStatement AuthnInstant=\"{Time(_now)}\" SessionIndex=\"s-1\" SessionNotOnOrAfter=\"{Time(_now.AddHours(8))}\"><saml:AuthnContext>"
        + "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"
        + (_attributes.Length > 0 ? $"<saml:AttributeStatement>{_attributes}</saml:AttributeStatement>" : "")
        + "</saml:Assertion>";

    private void Sign(XmlDocument document)
    {
        XmlElement target = _target(document);
        var signed = new SignedXml(target) { SigningKey = _key ?? _provider.Key };
        signed.SignedInfo!.SignatureMethod = _method;
        signed.SignedInfo.CanonicalizationMethod = _canonicalization;
        var reference = new Reference("#" + target.GetAttribute("ID")) { DigestMethod = _digest };
        reference.AddTransform(new XmlDsigEnvelopedSignatureTransform());
        reference.AddTransform(new XmlDsigExcC14NTransform());
        signed.AddReference(_reference(reference));
        // As providers do; nobody may believe it.
        signed.KeyInfo = new KeyInfo();
        signed.KeyInfo.AddClause(new RSAKeyValue(_key ?? _provider.Key));
        _signed(signed);
        signed.ComputeSignature();
        target.InsertAfter(document.ImportNode(signed.GetXml(), deep: true), target.FirstChild);
    }
}
