using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;
using PoolProxy.Identity.Tokens;
using PoolProxy.Testing.Saml;

namespace PoolProxy.UnitTests.Saml;

/// <summary>Assertions that must not be taken, each with the check that has to find it.</summary>
internal static class HostileAssertions
{
    private const string Samlp = "urn:oasis:names:tc:SAML:2.0:protocol";

    private static SamlAssertion Good => SamlPlace.Assertion();

    private static string Sign => "http://www.w3.org/2000/09/xmldsig#";

    public static IReadOnlyDictionary<string, (TokenRefusal Reason, Func<string> Make)> All { get; } = new Dictionary<string, (TokenRefusal, Func<string>)>
    {
        // Form
        ["no base64"] = (TokenRefusal.SamlNotXml, () => Good.Build() + "!"),
        ["cut"] = (TokenRefusal.SamlNotXml, () => Good.Build()[..400]),
        ["not well-formed"] = (TokenRefusal.SamlNotXml, () => Good.RewriteAfter(text => text + "<x>").Build()),
        ["two roots"] = (TokenRefusal.SamlNotXml, () => Good.RewriteAfter(text => text + text).Build()),
        ["bad UTF-8"] = (TokenRefusal.SamlNotXml, () => Convert.ToBase64String([.. "<saml:Assertion a='"u8, 0xff, .. "'/>"u8])),
        ["entity expansion"] = (TokenRefusal.SamlForbiddenContent, () => WithDoctype("""<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>""")),
        ["external entity"] = (TokenRefusal.SamlForbiddenContent, () => WithDoctype("""<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>""")),
        ["external document type"] = (TokenRefusal.SamlForbiddenContent, () => WithDoctype("""<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">""")),
        ["entity without a document type"] = (TokenRefusal.SamlNotXml, () => Good.ReplaceAfter(">alice<", ">&admin;<").Build()),
        ["comment in the NameID"] = (TokenRefusal.SamlForbiddenContent, () => SamlPlace.Assertion("admin").ReplaceAfter(">admin<", "><!---->admin<").Build()),
        ["comment that cuts the NameID"] = (TokenRefusal.SamlForbiddenContent, () => SamlPlace.Assertion("admin.evil").ReplaceAfter(">admin.evil<", ">admin<!---->.evil<").Build()),
        ["processing instruction"] = (TokenRefusal.SamlForbiddenContent, () => Good.ReplaceAfter(">alice<", ">ali<?x y?>ce<").Build()),
        ["CDATA"] = (TokenRefusal.SamlForbiddenContent, () => Good.ReplaceAfter(">alice<", "><![CDATA[alice]]><").Build()),
        ["deeply nested"] = (TokenRefusal.TooDeep, () => Good.RewriteAfter(text => text.Replace("</saml:Assertion>", string.Concat(Enumerable.Repeat("<a>", 2000)) + string.Concat(Enumerable.Repeat("</a>", 2000)) + "</saml:Assertion>", StringComparison.Ordinal)).Build()),
        ["many elements"] = (TokenRefusal.TooDeep, () => Good.RewriteAfter(text => text.Replace("</saml:Assertion>", string.Concat(Enumerable.Repeat("<a/>", 2000)) + "</saml:Assertion>", StringComparison.Ordinal)).Build()),
        ["too long"] = (TokenRefusal.TooLong, () => Good.RewriteAfter(text => text.Replace("</saml:Assertion>", new string(' ', 20_000) + "</saml:Assertion>", StringComparison.Ordinal)).Build()),

        // What it is
        ["another document"] = (TokenRefusal.SamlNotAnAssertion, () => Encode("<html/>")),
        ["another namespace"] = (TokenRefusal.SamlNotAnAssertion, () => Encode("<Assertion xmlns=\"urn:oasis:names:tc:SAML:1.0:assertion\"/>")),
        ["another version"] = (TokenRefusal.SamlMalformed, () => Good.Replace("Version=\"2.0\"", "Version=\"1.1\"").Build()),
        ["no issuer"] = (TokenRefusal.SamlMalformed, () => Good.Replace($"<saml:Issuer>{SamlPlace.Provider.Issuer}</saml:Issuer>", "<saml:Advice/>").Build()),
        ["two issuers"] = (TokenRefusal.SamlMalformed, () => Good.Replace("<saml:Issuer>", "<saml:Issuer>https://elsewhere.invalid</saml:Issuer><saml:Issuer>").Build()),
        ["another issuer"] = (TokenRefusal.IssuerUnknown, () => Good.Replace("<saml:Issuer>https://idp", "<saml:Issuer>https://elsewhere").Build()),
        ["no ID"] = (TokenRefusal.SamlMalformed, () => Good.RewriteAfter(text => text.Replace(" ID=\"", " Nr=\"", StringComparison.Ordinal)).Build()),

        // The signature
        ["unsigned"] = (TokenRefusal.SamlUnsigned, () => Good.Unsigned().Build()),
        ["signed by a stranger, whose key stands in KeyInfo"] = (TokenRefusal.SignatureInvalid, () => Good.SignedBy(SamlPlace.Stranger).Build()),
        ["another subject behind the signature"] = (TokenRefusal.SignatureInvalid, () => Good.ReplaceAfter(">alice<", ">mallory<").Build()),
        ["an attribute added behind the signature"] = (TokenRefusal.SignatureInvalid, () => Good.Attribute("groups", "a").ReplaceAfter("</saml:AttributeStatement>", "<saml:Attribute Name=\"role\"><saml:AttributeValue>admin</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>").Build()),
        ["a signature value of nothing"] = (TokenRefusal.SignatureInvalid, () => Good.ChangeAfter(document => SignaturePart(document, "SignatureValue").InnerText = "").Build()),
        ["a signature value that is no base64"] = (TokenRefusal.SignatureInvalid, () => Good.ChangeAfter(document => SignaturePart(document, "SignatureValue").InnerText = "?").Build()),
        ["SHA-1 signature"] = (TokenRefusal.AlgorithmNotAllowed, () => Good.Method(SignedXml.XmlDsigRSASHA1Url, SamlAssertion.Sha256).Build()),
        ["SHA-1 digest"] = (TokenRefusal.AlgorithmNotAllowed, () => Good.Method(SamlAssertion.RsaSha256, SignedXml.XmlDsigSHA1Url).Build()),
        ["an algorithm that the issuer has not"] = (TokenRefusal.AlgorithmNotAllowed, () => Good.Method("http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", SamlAssertion.Sha256).Build()),
        ["HMAC"] = (TokenRefusal.AlgorithmNotAllowed, () => Good.ChangeAfter(document => SignaturePart(document, "SignatureMethod").SetAttribute("Algorithm", SignedXml.XmlDsigHMACSHA1Url)).Build()),
        ["inclusive canonicalization"] = (TokenRefusal.SamlSignatureForm, () => Good.Canonicalization(SignedXml.XmlDsigC14NTransformUrl).Build()),
        ["canonicalization with comments"] = (TokenRefusal.SamlSignatureForm, () => Good.Canonicalization(SignedXml.XmlDsigExcC14NWithCommentsTransformUrl).Build()),
        ["an XSLT transform"] = (TokenRefusal.SamlTransform, () => Good.ChangeAfter(document => AddTransform(document, "http://www.w3.org/TR/1999/REC-xslt-19991116")).Build()),
        ["an XPath transform"] = (TokenRefusal.SamlTransform, () => Good.ChangeAfter(document => AddTransform(document, "http://www.w3.org/TR/1999/REC-xpath-19991116")).Build()),
        ["a base64 transform"] = (TokenRefusal.SamlTransform, () => Good.Reference(reference => Only(reference, new XmlDsigEnvelopedSignatureTransform(), new XmlDsigExcC14NTransform(), new XmlDsigC14NTransform())).Build()),
        ["no enveloped-signature transform"] = (TokenRefusal.SamlTransform, () => Good.Reference(reference => Only(reference, new XmlDsigExcC14NTransform())).Build()),
        ["transforms in another order"] = (TokenRefusal.SamlTransform, () => Good.Reference(reference => Only(reference, new XmlDsigExcC14NTransform(), new XmlDsigEnvelopedSignatureTransform())).Build()),
        ["two references"] = (TokenRefusal.SamlSignatureForm, () => Good.Signature(signed => signed.AddReference(Only(new Reference("") { DigestMethod = SamlAssertion.Sha256 }, new XmlDsigEnvelopedSignatureTransform(), new XmlDsigExcC14NTransform()))).Build()),
        ["a reference to the whole document"] = (TokenRefusal.SamlReferenceElsewhere, () => Good.Reference(_ => Only(new Reference("") { DigestMethod = SamlAssertion.Sha256 }, new XmlDsigEnvelopedSignatureTransform(), new XmlDsigExcC14NTransform())).Build()),
        ["a reference by XPointer"] = (TokenRefusal.SamlReferenceElsewhere, () => Good.ChangeAfter(document => SignaturePart(document, "Reference").SetAttribute("URI", $"#xpointer(id('{document.DocumentElement!.GetAttribute("ID")}'))")).Build()),
        ["a reference outside"] = (TokenRefusal.SamlReferenceElsewhere, () => Good.ChangeAfter(document => SignaturePart(document, "Reference").SetAttribute("URI", "http://127.0.0.1:1/x")).Build()),
        ["an Object in the signature"] = (TokenRefusal.SamlSignatureForm, () => Good.Signature(signed => signed.AddObject(new DataObject("o", "", "", new XmlDocument().CreateElement("x")))).Build()),
        ["parts of the signature in another namespace"] = (TokenRefusal.SamlSignatureForm, () => Good.RewriteAfter(text => text.Replace("<Reference URI", "<Reference xmlns=\"urn:x\" URI", StringComparison.Ordinal)).Build()),
        ["two signatures"] = (TokenRefusal.SamlSignatureMisplaced, () => Good.ChangeAfter(document => document.DocumentElement!.AppendChild(document.GetElementsByTagName("Signature", Sign)[0]!.CloneNode(deep: true))).Build()),
        ["only a part is signed"] = (TokenRefusal.SamlSignatureMisplaced, () => Good.Replace("<saml:Subject>", "<saml:Subject ID=\"_part\">").Target(document => (XmlElement)document.GetElementsByTagName("saml:Subject")[0]!).Build()),

        // Wrapping (Somorovsky et al., 2012): XSW1 to XSW8 by their numbers, as far as they can be made around one assertion
        ["only the response is signed"] = (TokenRefusal.SamlNotAnAssertion, () => Good.Unsigned().RewriteAfter(InSignedResponse).Build()),
        ["a response around a signed assertion"] = (TokenRefusal.SamlNotAnAssertion, () => Good.RewriteAfter(text => $"<samlp:Response xmlns:samlp=\"{Samlp}\" ID=\"_r\">{text}</samlp:Response>").Build()),
        ["XSW1: the response's copy in its signature"] = (TokenRefusal.SamlNotAnAssertion, () => Good.RewriteAfter(text => $"<samlp:Response xmlns:samlp=\"{Samlp}\" ID=\"_e\">{Evil(text)}<w>{text}</w></samlp:Response>").Build()),
        ["XSW2: the response's copy before its signature"] = (TokenRefusal.SamlNotAnAssertion, () => Good.RewriteAfter(text => $"<samlp:Response xmlns:samlp=\"{Samlp}\" ID=\"_e\"><w>{text}</w>{Evil(text)}</samlp:Response>").Build()),
        ["XSW3: a forged assertion beside the signed one"] = (TokenRefusal.SamlNotAnAssertion, () => Good.RewriteAfter(text => $"<w>{Evil(text)}{text}</w>").Build()),
        ["XSW4: the signed assertion within a forged one"] = (TokenRefusal.SamlSeveralAssertions, () => Good.RewriteAfter(text => Within(Evil(text), "</saml:Assertion>", text + "</saml:Assertion>")).Build()),
        ["XSW5: the forged one takes the signature, the signed one stands behind"] = (TokenRefusal.SamlSeveralAssertions, () => Good.RewriteAfter(text => Within(Moved(text), "</saml:Assertion>", Bare(text) + "</saml:Assertion>")).Build()),
        ["XSW6: the signed one within the signature of the forged one"] = (TokenRefusal.SamlSeveralAssertions, () => Good.RewriteAfter(text => Within(Moved(text), "</SignatureValue>", "</SignatureValue>" + Bare(text))).Build()),
        ["XSW7: the signed one within extensions"] = (TokenRefusal.SamlSeveralAssertions, () => Good.RewriteAfter(text => Within(Evil(text), "<saml:Subject>", $"<samlp:Extensions xmlns:samlp=\"{Samlp}\">{text}</samlp:Extensions><saml:Subject>")).Build()),
        ["XSW8: the signed one within an Object"] = (TokenRefusal.SamlSeveralAssertions, () => Good.RewriteAfter(text => Within(Moved(text), "</Signature>", $"<Object>{Bare(text)}</Object></Signature>")).Build()),
        ["wrapped under another name, with the same ID"] = (TokenRefusal.SamlDuplicateId, () => Good.RewriteAfter(text => Within(Moved(text).Replace("ID=\"_evil\"", $"ID=\"{IdOf(text)}\"", StringComparison.Ordinal), "</Signature>", "</Signature>" + Renamed(text))).Build()),
        ["wrapped under another name, with an ID of other letters"] = (TokenRefusal.SamlDuplicateId, () => Good.RewriteAfter(text => Within(text, "</Signature>", $"</Signature><x id=\"{IdOf(text)}\"/>")).Build()),
        ["the signature of a wrapped one"] = (TokenRefusal.SamlReferenceElsewhere, () => Good.RewriteAfter(text => Within(Moved(text), "</Signature>", "</Signature>" + Renamed(text))).Build()),

        // Whom it is for, and when
        ["over"] = (TokenRefusal.Expired, () => SamlPlace.Provider.Assertion("alice", SamlPlace.Now.AddHours(-1)).Build()),
        ["not yet"] = (TokenRefusal.IssuedInFuture, () => SamlPlace.Provider.Assertion("alice", SamlPlace.Now.AddHours(1)).Build()),
        ["conditions to come"] = (TokenRefusal.NotYetValid, () => Good.Replace("<saml:Conditions NotBefore=\"2", "<saml:Conditions NotBefore=\"9").Build()),
        ["no end of conditions"] = (TokenRefusal.ExpiryMissing, () => Good.Replace("Z\" NotOnOrAfter=", "Z\" NeverAfter=").Build()),
        ["a time without Z"] = (TokenRefusal.DateMalformed, () => Good.Replace("Z\" Version", "+01:00\" Version").Build()),
        ["a date that is none"] = (TokenRefusal.DateMalformed, () => Good.Replace("<saml:Conditions NotBefore=\"2", "<saml:Conditions NotBefore=\"x").Build()),
        ["no conditions"] = (TokenRefusal.AudienceMissing, () => Good.Replace("saml:Conditions", "saml:Advice").Build()),
        ["no audience"] = (TokenRefusal.AudienceMissing, () => Good.Replace("<saml:AudienceRestriction><saml:Audience>poolproxy</saml:Audience></saml:AudienceRestriction>", "<saml:OneTimeUse/>").Build()),
        ["another audience"] = (TokenRefusal.AudienceWrong, () => Good.Replace(">poolproxy<", ">elsewhere<").Build()),
        ["a second restriction to another audience"] = (TokenRefusal.AudienceWrong, () => Good.Replace("</saml:AudienceRestriction>", "</saml:AudienceRestriction><saml:AudienceRestriction><saml:Audience>elsewhere</saml:Audience></saml:AudienceRestriction>").Build()),
        ["an unknown condition"] = (TokenRefusal.SamlConditionUnknown, () => Good.Replace("</saml:AudienceRestriction>", "</saml:AudienceRestriction><saml:Condition/>").Build()),
        ["another recipient"] = (TokenRefusal.SamlRecipientWrong, () => Good.Replace("Recipient=\"https://proxy", "Recipient=\"https://elsewhere").Build()),
        ["no recipient"] = (TokenRefusal.SamlRecipientWrong, () => Good.Replace("Recipient=", "Sender=").Build()),
        ["holder of key"] = (TokenRefusal.SamlConfirmationMissing, () => Good.Replace("cm:bearer", "cm:holder-of-key").Build()),
        ["a confirmation without data"] = (TokenRefusal.SamlConfirmationMissing, () => Good.Replace("saml:SubjectConfirmationData ", "saml:Advice ").Build()),
        ["a confirmation that is over"] = (TokenRefusal.Expired, () => Good.Replace("SubjectConfirmationData NotOnOrAfter=\"2", "SubjectConfirmationData NotOnOrAfter=\"1").Build()),
        ["a session that is over"] = (TokenRefusal.Expired, () => Good.Replace("SessionNotOnOrAfter=\"2", "SessionNotOnOrAfter=\"1").Build()),
        ["a session that never ends"] = (TokenRefusal.LifetimeTooLong, () => Good.Replace("SessionNotOnOrAfter=\"2", "SessionNotOnOrAfter=\"9").Build()),

        // Who
        ["no subject"] = (TokenRefusal.SubjectMissing, () => Good.Replace("saml:Subject>", "saml:Advice>").Build()),
        ["an empty NameID"] = (TokenRefusal.SubjectMissing, () => Good.Replace(">alice<", "> <").Build()),
        ["two NameIDs"] = (TokenRefusal.SubjectMissing, () => Good.Replace("</saml:NameID>", "</saml:NameID><saml:NameID>bob</saml:NameID>").Build()),
        ["an element in the NameID"] = (TokenRefusal.SubjectMissing, () => Good.Replace(">alice<", ">ali<x/>ce<").Build()),
        ["an encrypted ID"] = (TokenRefusal.SubjectMissing, () => Good.Replace("saml:NameID", "saml:EncryptedID").Build()),
        ["a NameID of two lines"] = (TokenRefusal.SubjectMalformed, () => Good.Replace(">alice<", ">alice&#10;bob<").Build()),
        ["a long NameID"] = (TokenRefusal.SubjectMalformed, () => Good.Replace(">alice<", $">{new string('a', 5000)}<").Build()),
        ["an attribute called sub"] = (TokenRefusal.SamlAttributeReserved, () => Good.Attribute("sub", "admin").Build()),
        ["an attribute twice"] = (TokenRefusal.DuplicateName, () => Good.Attribute("groups", "a").Attribute("groups", "b").Build()),
        ["two statements of authentication"] = (TokenRefusal.SamlMalformed, () => Good.Replace("<saml:AuthnStatement ", "<saml:AuthnStatement AuthnInstant=\"2026-01-01T00:00:00Z\"/><saml:AuthnStatement ").Build()),
    };

    private static string WithDoctype(string doctype) => Good.RewriteAfter(text => doctype + text.Replace(">alice<", ">&a;<", StringComparison.Ordinal)).Build();

    private static string Encode(string xml) => Convert.ToBase64String(Encoding.UTF8.GetBytes(xml));

    private static XmlElement SignaturePart(XmlDocument document, string name) => (XmlElement)document.GetElementsByTagName(name, Sign)[0]!;

    private static void AddTransform(XmlDocument document, string algorithm)
    {
        XmlElement transform = document.CreateElement("Transform", Sign);
        transform.SetAttribute("Algorithm", algorithm);
        SignaturePart(document, "Transforms").AppendChild(transform);
    }

    private static Reference Only(Reference reference, params Transform[] transforms)
    {
        reference.TransformChain = new TransformChain();
        foreach (Transform transform in transforms)
        {
            reference.AddTransform(transform);
        }

        return reference;
    }

    private static string InSignedResponse(string assertion)
    {
        var document = new XmlDocument { PreserveWhitespace = true };
        document.LoadXml($"<samlp:Response xmlns:samlp=\"{Samlp}\" ID=\"_r\">{assertion}</samlp:Response>");
        var signed = new SignedXml(document) { SigningKey = SamlPlace.Provider.Key };
        signed.SignedInfo!.SignatureMethod = SamlAssertion.RsaSha256;
        signed.SignedInfo.CanonicalizationMethod = SignedXml.XmlDsigExcC14NTransformUrl;
        signed.AddReference(Only(new Reference("#_r") { DigestMethod = SamlAssertion.Sha256 }, new XmlDsigEnvelopedSignatureTransform(), new XmlDsigExcC14NTransform()));
        signed.ComputeSignature();
        document.DocumentElement!.PrependChild(document.ImportNode(signed.GetXml(), deep: true));
        return document.OuterXml;
    }

    private static string IdOf(string text)
    {
        int start = text.IndexOf(" ID=\"", StringComparison.Ordinal) + 5;
        return text[start..text.IndexOf('"', start)];
    }

    private static string SignatureOf(string text) => text[text.IndexOf("<Signature ", StringComparison.Ordinal)..(text.IndexOf("</Signature>", StringComparison.Ordinal) + "</Signature>".Length)];

    // The signed assertion without its signature: what its digest is of.
    private static string Bare(string text) => text.Replace(SignatureOf(text), "", StringComparison.Ordinal);

    // A forged assertion with an ID of its own, and no signature.
    private static string Evil(string text) => Bare(text).Replace(IdOf(text), "_evil", StringComparison.Ordinal).Replace(">alice<", ">admin<", StringComparison.Ordinal);

    // A forged assertion with the good one's signature in the usual place.
    private static string Moved(string text) => Within(Evil(text), "</saml:Issuer>", "</saml:Issuer>" + SignatureOf(text));

    private static string Renamed(string text) => Bare(text).Replace("saml:Assertion", "saml:Advice", StringComparison.Ordinal);

    private static string Within(string text, string old, string by) =>
        text.Contains(old, StringComparison.Ordinal) ? text.Replace(old, by, StringComparison.Ordinal) : throw new ArgumentException($"not there: {old}");
}
