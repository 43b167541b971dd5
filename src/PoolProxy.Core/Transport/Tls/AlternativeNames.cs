using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>A certificate's subjectAltName, as far as authentication looks at it. Source: RFC 5280 §4.2.1.6.</summary>
/// <param name="Dns">The names of type dNSName, as they stand there: wildcards are text.</param>
/// <param name="Uris">Those of type URI, among them SPIFFE identities.</param>
/// <param name="Addresses">Those of type iPAddress that have an address's length.</param>
internal sealed record AlternativeNames(IReadOnlyList<string> Dns, IReadOnlyList<string> Uris, IReadOnlyList<IPAddress> Addresses)
{
    private const string Oid = "2.5.29.17";

    private static readonly Asn1Tag DnsTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag AddressTag = new(TagClass.ContextSpecific, 7);

    /// <summary>It has none.</summary>
    public static AlternativeNames None { get; } = new([], [], []);

    /// <summary>
    /// Those of a certificate: none where the list is malformed or there are two, as OpenSSL has it. Null where one of them could be taken for another by who reads less of it, as one
    /// with a NUL in it, or is the " " that RFC 5280 forbids: who has such a certificate made means no good, and nothing else in it counts either.
    /// </summary>
    public static AlternativeNames? Of(X509Certificate2 certificate)
    {
        byte[]? list = null;
        foreach (X509Extension extension in certificate.Extensions)
        {
            if (extension.Oid?.Value != Oid)
                continue;
            if (list is not null)
                return None;
            list = extension.RawData;
        }
        return list is null ? None : Read(list);
    }

    private static AlternativeNames? Read(byte[] list)
    {
        var (dns, uris, addresses) = (new List<string>(), new List<string>(), new List<IPAddress>());
        try
        {
            var reader = new AsnReader(list, AsnEncodingRules.DER);
            AsnReader names = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            while (names.HasData)
            {
                Asn1Tag tag = names.PeekTag();
                if (tag.HasSameClassAndValue(DnsTag))
                    dns.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, DnsTag));
                else if (tag.HasSameClassAndValue(UriTag))
                    uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
                else if (tag.HasSameClassAndValue(AddressTag))
                    AddAddress(addresses, names.ReadOctetString(AddressTag));
                else
                    _ = names.ReadEncodedValue();
            }
        }
        catch (AsnContentException)
        {
            return None;
        }
        return dns.Concat(uris).Any(name => name.Contains('\0')) || dns.Contains(" ") ? null : new(dns, uris, addresses);
    }

    private static void AddAddress(List<IPAddress> addresses, byte[] bytes)
    {
        if (bytes.Length is 4 or 16)
            addresses.Add(new IPAddress(bytes));
    }
}
