using System.Xml;

namespace PoolProxy.Identity.Saml;

/// <summary>Looks at an assertion's elements: always children by name, never a search through the tree.</summary>
internal static class SamlElements
{
    /// <summary>The children of SAML's own namespace.</summary>
    public static IEnumerable<XmlElement> Children(XmlElement parent) => parent.ChildNodes.OfType<XmlElement>().Where(child => child.NamespaceURI == SamlNames.Assertion);

    /// <summary>The only child of this name; null where there is none, or several.</summary>
    public static XmlElement? Only(XmlElement parent, string name) => Children(parent).Where(child => child.LocalName == name).ToArray() is [{ } only] ? only : null;

    /// <summary>The text of the only child of this name, which may hold nothing but text; else null.</summary>
    public static string? OnlyText(XmlElement parent, string name) => Only(parent, name) is { } child ? Text(child) : null;

    /// <summary>An element's text without the white space around it; null where it holds anything but text.</summary>
    public static string? Text(XmlElement element)
    {
        XmlNode[] nodes = [.. element.ChildNodes.OfType<XmlNode>()];
        return nodes.All(node => node.NodeType is XmlNodeType.Text or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace)
            ? string.Concat(nodes.Select(node => node.Value)).Trim(' ', '\t', '\r', '\n')
            : null;
    }

    /// <summary>A time (SAML core §1.3.3: UTC, with a Z); true with null where the attribute is missing.</summary>
    public static bool TryReadTime(XmlElement element, string attribute, out DateTimeOffset? time)
    {
        time = null;
        if (!element.HasAttribute(attribute))
        {
            return true;
        }

        string text = element.GetAttribute(attribute);
        bool isTime = text.Length is >= 20 and <= 32 && text.EndsWith('Z')
            && DateTimeOffset.TryParseExact(
                text,
                ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"],
                System.Globalization.CultureInfo.InvariantCulture,
                System.Globalization.DateTimeStyles.AssumeUniversal,
                out DateTimeOffset read) && (time = read) is not null;
        return isTime;
    }
}
