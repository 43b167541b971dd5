using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>Reads the common name of a subject. Source: RFC 5280 §4.1.2.4.</summary>
internal static class SubjectCommonName
{
    private const string Oid = "2.5.4.3";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The first one in the order of the encoding, as in PostgreSQL and PgBouncer, alone in its part of the name or beside others (<c>CN=a+UID=1</c>); a second never counts. Null
    /// where there is none, or it is empty or no text. A NUL may be in it.
    /// </summary>
    public static string? FirstOf(X500DistinguishedName subject)
    {
        try
        {
            AsnReader parts = new AsnReader(subject.RawData, AsnEncodingRules.DER).ReadSequence();
            while (parts.HasData)
            {
                AsnReader part = parts.ReadSetOf(skipSortOrderValidation: true);
                while (part.HasData)
                {
                    AsnReader pair = part.ReadSequence();
                    if (pair.ReadObjectIdentifier() == Oid)
                        return Text(pair) is { Length: > 0 } name ? name : null;
                }
            }
        }
        catch (Exception malformed) when (malformed is AsnContentException or DecoderFallbackException)
        {
            // OpenSSL, which has checked the certificate, takes more forms than the standard has.
        }
        return null;
    }

    // By its bytes, whatever its type says they are, as OpenSSL gives them out: issuers put "_" and "@" into PrintableString. Only BMPString's are two to a letter.
    private static string? Text(AsnReader value)
    {
        Asn1Tag tag = value.PeekTag();
        if (tag.TagClass != TagClass.Universal)
            return null;
        return (UniversalTagNumber)tag.TagValue switch
        {
            UniversalTagNumber.BMPString => value.ReadCharacterString(UniversalTagNumber.BMPString),
            UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.TeletexString or UniversalTagNumber.IA5String
                when value.TryReadPrimitiveCharacterStringBytes(tag, out ReadOnlyMemory<byte> bytes) => StrictUtf8.GetString(bytes.Span),
            _ => null,
        };
    }
}
