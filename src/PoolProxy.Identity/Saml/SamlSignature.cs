using System.Security.Cryptography;
using System.Security.Cryptography.Xml;
using System.Xml;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Identity.Saml;

/// <summary>
/// Whether a document is one assertion, signed as a whole by a configured key (SAML core §5.4). Everything that could make the signed element another than the one that is read later is refused before any
/// cryptography: the assertion is the document's root, there is one assertion and one signature in it, the signature is the root's own child and refers to the root by an ID that nothing else has, and is transformed by nothing
/// but the two transforms that every provider uses.
/// </summary>
internal static class SamlSignature
{
    /// <summary>The fault; null where the signature is good for all of <paramref name="root"/> but the signature itself.</summary>
    public static TokenRefusal? Check(XmlElement root, SamlPolicy policy)
    {
        if (CheckShape(root) is { } shape)
        {
            return shape;
        }

        if (FindSignature(root, out XmlElement? signature) is { } found)
        {
            return found;
        }

        if (CheckForm(signature!, root.GetAttribute("ID"), policy) is { } form)
        {
            return form;
        }

        try
        {
            var signed = new RootOnly(root);
            signed.LoadXml(signature!);
            return policy.Keys.Any(key => signed.CheckSignature(key)) ? null : TokenRefusal.SignatureInvalid;
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or XmlException)
        {
            // What the library cannot read in a signature proves nothing.
            return TokenRefusal.SignatureInvalid;
        }
    }

    private static TokenRefusal? CheckShape(XmlElement root)
    {
        if (root is not { LocalName: "Assertion", NamespaceURI: SamlNames.Assertion })
        {
            return TokenRefusal.SamlNotAnAssertion;
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (XmlElement element in Descendants(root))
        {
            if (element != root && element is { LocalName: "Assertion" or "EncryptedAssertion" or "Response" })
            {
                return TokenRefusal.SamlSeveralAssertions;
            }

            foreach (XmlAttribute attribute in element.Attributes)
            {
                // However a library may spell what it takes for an ID.
                if (attribute.LocalName.Equals("id", StringComparison.OrdinalIgnoreCase) && !ids.Add(attribute.Value))
                {
                    return TokenRefusal.SamlDuplicateId;
                }
            }
        }

        return root.GetAttribute("ID") is { Length: > 0 and <= SamlValidator.MaxIdCharacters } id && XmlReader.IsName(id) && !id.Contains(':', StringComparison.Ordinal) ? null : TokenRefusal.SamlMalformed;
    }

    private static TokenRefusal? FindSignature(XmlElement root, out XmlElement? signature)
    {
        List<XmlElement> signatures = [.. Descendants(root).Where(element => element is { LocalName: "Signature", NamespaceURI: SamlNames.Signature })];
        signature = signatures.Count == 1 && signatures[0].ParentNode == root ? signatures[0] : null;
        return signatures.Count == 0 ? TokenRefusal.SamlUnsigned : signature is null ? TokenRefusal.SamlSignatureMisplaced : null;
    }

    private static TokenRefusal? CheckForm(XmlElement signature, string id, SamlPolicy policy)
    {
        // KeyInfo may stand there and is not looked at; an Object could hold what is signed instead.
        XmlElement[] parts = [.. signature.ChildNodes.OfType<XmlElement>()];
        if (parts.Length is < 2 or > 3
            || !Is(parts[0], "SignedInfo") || !Is(parts[1], "SignatureValue") || (parts.Length == 3 && !Is(parts[2], "KeyInfo")))
        {
            return TokenRefusal.SamlSignatureForm;
        }

        XmlElement[] said = [.. parts[0].ChildNodes.OfType<XmlElement>()];
        if (said.Length != 3
            || !Is(said[0], "CanonicalizationMethod") || said[0].GetAttribute("Algorithm") != SamlNames.ExclusiveCanonicalization || !HasOnlyPrefixes(said[0])
            || !Is(said[1], "SignatureMethod") || said[1].HasChildNodes
            || !Is(said[2], "Reference"))
        {
            return TokenRefusal.SamlSignatureForm;
        }

        string method = said[1].GetAttribute("Algorithm");
        return policy.Issuer.Algorithms.Any(name => SamlNames.SignatureMethods.TryGetValue(name, out string? allowed) && allowed == method)
            ? CheckReference(said[2], id)
            : TokenRefusal.AlgorithmNotAllowed;
    }

    private static TokenRefusal? CheckReference(XmlElement reference, string id)
    {
        if (reference.GetAttribute("URI") != "#" + id)
        {
            return TokenRefusal.SamlReferenceElsewhere;
        }

        XmlElement[] parts = [.. reference.ChildNodes.OfType<XmlElement>()];
        if (parts is not [var transforms, var digest, var value] || !Is(transforms, "Transforms") || !Is(digest, "DigestMethod") || !Is(value, "DigestValue"))
        {
            return TokenRefusal.SamlSignatureForm;
        }

        XmlElement[] steps = [.. transforms.ChildNodes.OfType<XmlElement>()];
        if (steps.Length != 2 || steps.Any(step => !Is(step, "Transform"))
            || steps[0].GetAttribute("Algorithm") != SamlNames.EnvelopedSignature || steps[0].HasChildNodes
            || steps[1].GetAttribute("Algorithm") != SamlNames.ExclusiveCanonicalization || !HasOnlyPrefixes(steps[1]))
        {
            return TokenRefusal.SamlTransform;
        }

        return SamlNames.DigestMethods.Contains(digest.GetAttribute("Algorithm")) && !digest.HasChildNodes ? null : TokenRefusal.AlgorithmNotAllowed;
    }

    // Exclusive canonicalization may name prefixes to keep, which adds to what is signed and hides nothing.
    private static bool HasOnlyPrefixes(XmlElement method) =>
        method.ChildNodes.OfType<XmlElement>().ToArray() is [] or [{ LocalName: "InclusiveNamespaces", NamespaceURI: SamlNames.ExclusiveCanonicalization }];

    // The library looks for names of this namespace only: what it would pass by must not be taken for what it reads.
    private static bool Is(XmlElement element, string name) => element.LocalName == name && element.NamespaceURI == SamlNames.Signature;

    private static IEnumerable<XmlElement> Descendants(XmlElement element)
    {
        yield return element;
        foreach (XmlElement child in element.ChildNodes.OfType<XmlElement>())
        {
            foreach (XmlElement inner in Descendants(child))
            {
                yield return inner;
            }
        }
    }

    /// <summary>Finds nothing by its ID but the root: the library's own search would take the first of several that it knows some attribute of as an ID.</summary>
    private sealed class RootOnly : SignedXml
    {
        private readonly XmlElement _root;

        public RootOnly(XmlElement root)
            : base(root)
        {
            _root = root;
            Resolver = null!;
        }

        public override XmlElement? GetIdElement(XmlDocument? document, string idValue) => _root.GetAttribute("ID") == idValue ? _root : null;
    }
}
