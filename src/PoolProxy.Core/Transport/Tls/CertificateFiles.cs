using System.Security.Cryptography;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>
/// Reads the PEM files that TLS settings name. Whatever is wrong with one becomes a <see cref="TlsFault"/> that names the
/// setting and the path; nothing of a file's content gets into it. Each file is read once, so a certificate and a key
/// that are replaced while we read can at worst fail to match.
/// </summary>
internal static unsafe class CertificateFiles
{
    /// <summary>The longest file read, in bytes: several times the largest CA bundle in use.</summary>
    public const int MaxFileLength = 4 * 1024 * 1024;

    /// <summary>pemerr.h, err.h: library 9 (PEM), reason 108: no further block in the file.</summary>
    public const ulong NoStartLine = (9UL << 23) | 108;

    /// <summary>Every certificate in the file, in its order; null with a fault added when there is none or one cannot be read. The caller disposes them.</summary>
    public static IReadOnlyList<X509Handle>? ReadCertificates(string setting, string path, ICollection<TlsFault> faults)
    {
        byte[]? content = ReadFile(setting, path, faults);
        if (content is null)
            return null;
        var certificates = new List<X509Handle>();
        string? fault = ParseCertificates(content, certificates);
        if (fault is null)
            return certificates;
        Release(certificates);
        faults.Add(new TlsFault(setting, $"{fault} in \"{path}\"", "The file must be PEM (BEGIN CERTIFICATE)."));
        return null;
    }

    /// <summary>The file's private key; null with a fault added when there is none, or it has a passphrase. The caller disposes it.</summary>
    public static KeyHandle? ReadKey(string setting, string path, ICollection<TlsFault> faults)
    {
        byte[]? content = ReadFile(setting, path, faults);
        if (content is null)
            return null;
        try
        {
            KeyHandle? key = ParseKey(content);
            if (key is not null)
                return key;
            bool isEncrypted = content.AsSpan().IndexOf("ENCRYPTED"u8) >= 0;
            faults.Add(isEncrypted
                ? new TlsFault(setting, $"the private key in \"{path}\" is encrypted", "Store it without a passphrase, in a file that only the proxy's user can read.")
                : new TlsFault(setting, $"no private key can be read in \"{path}\"", "The file must be PEM (BEGIN PRIVATE KEY)."));
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    /// <summary>Disposes each of them.</summary>
    public static void Release(IReadOnlyList<X509Handle>? certificates)
    {
        foreach (X509Handle certificate in certificates ?? [])
            certificate.Dispose();
    }

    private static string? ParseCertificates(byte[] content, List<X509Handle> certificates)
    {
        fixed (byte* start = content)
        fixed (byte* noPassphrase = "\0"u8)
        {
            using BioHandle bio = LibCrypto.BIO_new_mem_buf(start, content.Length);
            while (true)
            {
                LibCrypto.ERR_clear_error();
                X509Handle certificate = LibCrypto.PEM_read_bio_X509(bio, 0, 0, noPassphrase);
                if (!certificate.IsInvalid)
                {
                    certificates.Add(certificate);
                    continue;
                }
                certificate.Dispose();
                ulong code = LibCrypto.ERR_peek_last_error();
                LibCrypto.ERR_clear_error();
                if (code != NoStartLine)
                    return $"certificate {certificates.Count + 1} cannot be read";
                return certificates.Count == 0 ? "there is no certificate" : null;
            }
        }
    }

    private static KeyHandle? ParseKey(byte[] content)
    {
        fixed (byte* start = content)
        fixed (byte* noPassphrase = "\0"u8)
        {
            using BioHandle bio = LibCrypto.BIO_new_mem_buf(start, content.Length);
            KeyHandle key = LibCrypto.PEM_read_bio_PrivateKey(bio, 0, 0, noPassphrase);
            LibCrypto.ERR_clear_error();
            if (!key.IsInvalid)
                return key;
            key.Dispose();
            return null;
        }
    }

    /// <summary>The file's bytes; null with a fault added.</summary>
    public static byte[]? ReadFile(string setting, string path, ICollection<TlsFault> faults)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (file.Length is > 0 and <= MaxFileLength)
            {
                byte[] content = new byte[file.Length];
                file.ReadExactly(content);
                return content;
            }
            faults.Add(new TlsFault(setting, file.Length == 0 ? $"\"{path}\" is empty" : $"\"{path}\" is longer than {MaxFileLength} bytes"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            faults.Add(new TlsFault(setting, Describe(path, exception)));
        }
        return null;
    }

    private static string Describe(string path, Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => $"\"{path}\" does not exist",
        UnauthorizedAccessException when Directory.Exists(path) => $"\"{path}\" is a folder",
        UnauthorizedAccessException => $"\"{path}\" cannot be read by the proxy's user",
        _ => $"\"{path}\" cannot be read",
    };
}
