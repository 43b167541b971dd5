using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using System.Xml;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Identity.Saml;

/// <summary>
/// Bytes to an XML document that there is one way to read: base64 (of either alphabet) of UTF-8; no DTD and so no entities, no comments and processing instructions (which end a text for one reader and not for
/// another), bounded in depth and number of elements before a tree is built. Never throws, whatever the bytes.
/// </summary>
internal static class SamlReader
{
    private const int MaxDepth = 24;
    private const int MaxElements = 1024;
    private const int MaxAttributes = 32;

    private static readonly SearchValues<byte> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"u8);

    /// <summary>Whether a token is base64 of something that begins like XML: no JWT and no opaque token is.</summary>
    public static bool HasForm(ReadOnlySpan<byte> token) =>
        token.Length >= 8 && token[0] == (byte)'P' && !token.TrimEnd((byte)'=').ContainsAnyExcept(Letters) && TryDecode(token[..8], out byte[]? beginning) && beginning[0] == (byte)'<';

    /// <summary>Reads; on false <paramref name="refusal"/> says what it is not.</summary>
    public static bool TryRead(ReadOnlySpan<byte> token, [NotNullWhen(true)] out XmlDocument? document, out TokenRefusal refusal)
    {
        document = null;
        refusal = TokenRefusal.SamlNotXml;
        if (!TryDecode(token, out byte[]? bytes) || !Utf8.IsValid(bytes))
        {
            return false;
        }

        string text = Encoding.UTF8.GetString(bytes);
        try
        {
            if (Scan(text) is { } fault)
            {
                refusal = fault;
                return false;
            }

            document = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
            using XmlReader reader = CreateReader(text);
            document.Load(reader);
            return document.DocumentElement is not null;
        }
        catch (XmlException)
        {
            // The reader stops at a document type before it has read any of it, and has no code that says so.
            refusal = text.Contains("<!DOCTYPE", StringComparison.Ordinal) ? TokenRefusal.SamlForbiddenContent : TokenRefusal.SamlNotXml;
            document = null;
            return false;
        }
    }

    private static TokenRefusal? Scan(string text)
    {
        int elements = 0;
        using XmlReader reader = CreateReader(text);
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Comment or XmlNodeType.ProcessingInstruction or XmlNodeType.DocumentType or XmlNodeType.EntityReference or XmlNodeType.CDATA:
                    return TokenRefusal.SamlForbiddenContent;
                case XmlNodeType.Element when ++elements > MaxElements || reader.Depth > MaxDepth || reader.AttributeCount > MaxAttributes:
                    return TokenRefusal.TooDeep;
                default:
                    break;
            }
        }

        return null;
    }

    private static XmlReader CreateReader(string text) => XmlReader.Create(
        new StringReader(text),
        new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = text.Length,
            MaxCharactersFromEntities = 1024,
            IgnoreComments = false,
            IgnoreProcessingInstructions = false,
            IgnoreWhitespace = false,
        });

    private static bool TryDecode(ReadOnlySpan<byte> token, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        ReadOnlySpan<byte> letters = token.TrimEnd((byte)'=');
        if (token.Length - letters.Length > 2 || letters.ContainsAnyExcept(Letters))
        {
            return false;
        }

        // Both alphabets are one here: what differs between them cannot mean two things.
        byte[] url = letters.ToArray();
        url.AsSpan().Replace((byte)'+', (byte)'-');
        url.AsSpan().Replace((byte)'/', (byte)'_');
        return StrictBase64Url.TryDecode(url, out bytes);
    }
}
