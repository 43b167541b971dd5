using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Identity.Keys;
using PoolProxy.Identity.Saml;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Core.Authentication.Saml;

/// <summary>The configuration's identity providers in the terms of PoolProxy.Identity, with their certificates read. Blocks on files.</summary>
internal static class SamlPolicies
{
    private const int MaxCertificates = 8;

    /// <summary>
    /// The policy of an issuer of type saml; null for others, and where something is at fault. A certificate is a key with a name here, as in SAML's metadata: it is trusted because the file names it, and how long it says that it is
    /// valid does not count.
    /// </summary>
    public static SamlPolicy? TryRead(IssuerSettings settings, IssuerPolicy policy, List<PolicyFault> faults)
    {
        if (settings.Type != IssuerType.Saml)
        {
            return null;
        }

        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(settings.SamlCertFile!);
            if (certificates.Count is 0 or > MaxCertificates)
            {
                throw new CryptographicException($"it must hold 1 to {MaxCertificates} certificates in PEM");
            }

            return new SamlPolicy(policy, [.. certificates.Select(KeyOf)], settings.SamlRecipient);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            faults.Add(new($"saml_cert_file cannot be used: {exception.Message.TrimEnd('.')}", "issuers", settings.Name, "saml_cert_file"));
            return null;
        }
    }

    private static RSA KeyOf(X509Certificate2 certificate) => certificate.GetRSAPublicKey() is { KeySize: >= VerificationKey.MinRsaBits and <= VerificationKey.MaxRsaBits } key
        ? key
        : throw new CryptographicException($"the key of \"{certificate.Subject}\" is not RSA of {VerificationKey.MinRsaBits} bits or more");
}
