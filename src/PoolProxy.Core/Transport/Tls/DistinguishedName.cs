using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>
/// Whether a certificate's subject is the name that a text spells as RFC 4514 does, the last part first: <c>CN=app,OU=jobs,O=Example,C=DE</c>. All parts have to be
/// there, in that order, with the same types and the same values to the letter; how a certificate encodes its strings does not count.
/// </summary>
internal static class DistinguishedName
{
    /// <summary>Compares; false for a text that is no name, and for an empty subject.</summary>
    public static bool Matches(X500DistinguishedName subject, string text)
    {
        try
        {
            var parts = Parts(new X500DistinguishedName(text, X500DistinguishedNameFlags.UseCommas));
            var own = Parts(subject);
            return own.Count > 0 && own.SequenceEqual(parts);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>A part with several attributes is compared by its encoding: there is no order among them to rely on.</summary>
    private static List<(string Type, string Value)> Parts(X500DistinguishedName name) =>
        [.. name.EnumerateRelativeDistinguishedNames(reversed: false).Select(part =>
            part.HasMultipleElements
                ? ("", Convert.ToHexString(part.RawData.Span))
                : (part.GetSingleElementType().Value ?? "", part.GetSingleElementValue() ?? ""))];
}
