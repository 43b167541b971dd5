using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PoolProxy.Core.Transport.Tls;

namespace PoolProxy.UnitTests.Identity;

/// <summary>Certificates that no honest issuer makes, byte by byte, as the proxy would see them behind a handshake.</summary>
internal static class CraftedCertificate
{
    private const string AlternativeNames = "2.5.29.17";

    // A request takes no extension twice: the second has another number until the certificate is made.
    private const string Stand = "2.5.29.99";
    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>One with a subject and lists of alternative names as they are, raw; <paramref name="lists"/> is nothing for none.</summary>
    public static CertificateDescription Of(byte[] subject, params byte[][] lists)
    {
        var request = new CertificateRequest(new X500DistinguishedName(subject), Key, HashAlgorithmName.SHA256);
        foreach ((int index, byte[] list) in lists.Index())
        {
            request.CertificateExtensions.Add(new X509Extension(index == 0 ? AlternativeNames : Stand, list, critical: false));
        }

        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        byte[] der = certificate.RawData;
        if (lists.Length > 1)
        {
            ReadOnlySpan<byte> stand = [6, 3, 0x55, 0x1d, 99];
            der[der.AsSpan().IndexOf(stand) + stand.Length - 1] = 17;
        }

        return CertificateDescription.Of(der);
    }

    /// <summary>A subject: its parts by <c>|</c>, what is beside one another in a part by <c>+</c>, each <c>CN=…</c> or <c>O=…</c>.</summary>
    public static byte[] Subject(string parts, UniversalTagNumber type = UniversalTagNumber.UTF8String)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            foreach (string part in parts.Split('|', StringSplitOptions.RemoveEmptyEntries))
            {
                using (writer.PushSetOf())
                {
                    foreach (string pair in part.Split('+'))
                    {
                        using (writer.PushSequence())
                        {
                            writer.WriteObjectIdentifier(pair.StartsWith("CN=", StringComparison.Ordinal) ? "2.5.4.3" : "2.5.4.10");
                            string value = pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..];
                            byte[] bytes = type == UniversalTagNumber.BMPString ? Encoding.BigEndianUnicode.GetBytes(value) : Encoding.UTF8.GetBytes(value);

                            // As it is, letters that the type does not have included.
                            writer.WriteEncodedValue([(byte)type, (byte)bytes.Length, .. bytes]);
                        }
                    }
                }
            }
        }

        return writer.Encode();
    }

    /// <summary>A list of alternative names: <c>dns:NAME</c>, <c>uri:URI</c>, <c>mail:NAME</c>, <c>ip:BYTES</c> in hexadecimal digits.</summary>
    public static byte[] Names(params string[] names)
    {
        byte[] body = [.. names.SelectMany(name => Name(name[..name.IndexOf(':', StringComparison.Ordinal)], name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..]))];
        return [0x30, (byte)body.Length, .. body];
    }

    private static byte[] Name(string kind, string value)
    {
        byte[] bytes = kind == "ip" ? Convert.FromHexString(value) : Encoding.UTF8.GetBytes(value);
        byte tag = kind switch { "mail" => 0x81, "dns" => 0x82, "uri" => 0x86, _ => 0x87 };
        return [tag, (byte)bytes.Length, .. bytes];
    }
}
