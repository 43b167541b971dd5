using System.Net;
using System.Net.Sockets;
using System.Text;
using PoolProxy.Core.Transport.Tls;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>
/// Whether a name is among those of a certificate, by PgBouncer's rule where that is safe: its dNSNames first, then its CN. An address is looked for among its iPAddresses.
/// Unlike there the CN is compared as it is, and is no wildcard: roles are told apart by the case of their letters, and who asks for a certificate often chooses its CN, while
/// dNSNames are the issuer's to check, and the same name in any case (RFC 4343).
/// </summary>
internal static class CertificateNames
{
    /// <summary>Whether <paramref name="certificate"/> is of <paramref name="name"/>.</summary>
    public static bool Contain(CertificateDescription certificate, string name) =>
        certificate.CommonName == name
        || (AddressOf(name) is { } address ? certificate.Addresses.Contains(address) : certificate.DnsNames.Any(dns => IsOf(dns, name)));

    /// <summary>Whether a dNSName means <paramref name="name"/>. <c>*.example.com</c> means names with one label more; <c>*</c>, <c>*.com</c> and <c>w*.example.com</c> mean nothing else.</summary>
    public static bool IsOf(string dnsName, string name)
    {
        if (Ascii.EqualsIgnoreCase(dnsName, name))
        {
            return true;
        }

        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && IsWildcard(dnsName) && Ascii.EqualsIgnoreCase(dnsName.AsSpan(1), name.AsSpan(dot)) && IsLabel(name.AsSpan(0, dot));
    }

    // "*." and at least two labels behind it, none of them empty; PgBouncer looks at the first two.
    private static bool IsWildcard(string dnsName) =>
        dnsName.StartsWith("*.", StringComparison.Ordinal) && dnsName.IndexOf('.', 2) is > 2 and var dot && dot < dnsName.Length - 1
        && !dnsName.Contains("..", StringComparison.Ordinal) && dnsName.LastIndexOf('*') == 0;

    // PgBouncer takes anything for the label that a wildcard stands for: "bob smith" is none.
    private static bool IsLabel(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_'))
            {
                return false;
            }
        }

        return true;
    }

    // As inet_pton reads one: the whole of it, and nothing that only .NET takes for an address, such as "1".
    private static IPAddress? AddressOf(string name) =>
        IPAddress.TryParse(name, out var address)
        && (address.AddressFamily == AddressFamily.InterNetwork ? address.ToString() == name : !name.AsSpan().ContainsAny('%', '[', '/')) ? address : null;
}
