using System.Security.Cryptography;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Transport.Tls;
using Xunit;

namespace PoolProxy.UnitTests.Transport.Tls;

/// <summary>What cannot stand names the setting and the file, all at once, and never shows what is in a file.</summary>
public sealed class TlsContextFaultTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly IssuedCertificate _certificate;

    public TlsContextFaultTests() => _certificate = _authority.Issue("db.test", ["db.test"]);

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Disable_is_no_context_and_no_fault()
    {
        var faults = new List<TlsFault>();
        Assert.Null(TlsServerContext.TryCreate(TlsPair.ServerSettings(_certificate, s => s with { Mode = TlsMode.Disable, KeyFile = "" }), faults));
        Assert.Null(TlsClientContext.TryCreate(TlsPair.ClientSettings(TlsMode.Disable), faults));
        Assert.Empty(faults);
    }

    [Fact]
    public void Every_missing_file_is_reported_at_once()
    {
        TlsSettings settings = new()
        {
            Prefix = "client_tls",
            Mode = TlsMode.VerifyFull,
            CertificateFile = _authority.Missing("a.crt"),
            KeyFile = _authority.Missing("a.key"),
            AuthorityFile = _authority.Missing("none/ca.crt"),
            Curves = "no_such_curve",
            Ciphers = "NO-SUCH-CIPHER",
            Tls13Ciphers = "TLS_NO_SUCH_SUITE",
        };
        List<TlsFault> faults = ServerFaults(settings);
        Assert.Equal(
            ["client_tls_ciphers", "client_tls13_ciphers", "client_tls_ecdhcurve", "client_tls_cert_file", "client_tls_key_file", "client_tls_ca_file"],
            faults.Select(fault => fault.Setting));
        Assert.Equal($"\"{settings.KeyFile}\" does not exist", faults[^2].Message);
        Assert.Equal($"\"{settings.AuthorityFile}\" does not exist", faults[^1].Message);
    }

    [Fact]
    public void TLS_with_clients_needs_a_certificate_and_a_key()
    {
        TlsFault neither = Assert.Single(ServerFaults(TlsPair.ServerSettings(_certificate, s => s with { CertificateFile = "", KeyFile = "" })));
        Assert.Equal(("client_tls_cert_file", "is not set"), (neither.Setting, neither.Message));
        TlsFault noKey = Assert.Single(ServerFaults(TlsPair.ServerSettings(_certificate, s => s with { KeyFile = "" })));
        Assert.Equal(("client_tls_key_file", "is not set"), (noKey.Setting, noKey.Message));
    }

    [Fact]
    public void A_certificate_towards_servers_needs_its_key_and_may_be_left_out()
    {
        var faults = new List<TlsFault>();
        Assert.Null(TlsClientContext.TryCreate(TlsPair.ClientSettings(TlsMode.Require, change: s => s with { CertificateFile = _certificate.CertificateFile }), faults));
        Assert.Equal("server_tls_key_file", Assert.Single(faults).Setting);
        using TlsClientContext without = TlsPair.ClientContext(TlsMode.Require);
        Assert.Null(without.Certificate);
    }

    [Theory]
    [InlineData(TlsMode.VerifyCa)]
    [InlineData(TlsMode.VerifyFull)]
    public void Verifying_clients_needs_a_CA_file(TlsMode mode)
    {
        TlsFault fault = Assert.Single(ServerFaults(TlsPair.ServerSettings(_certificate, s => s with { Mode = mode })));
        Assert.Equal("client_tls_ca_file", fault.Setting);
    }

    [Fact]
    public void A_key_of_another_certificate_is_named()
    {
        IssuedCertificate other = _authority.Issue("other.test");
        TlsFault fault = Assert.Single(ServerFaults(TlsPair.ServerSettings(_certificate, s => s with { KeyFile = other.KeyFile })));
        Assert.Equal("client_tls_key_file", fault.Setting);
        Assert.Contains("does not belong to the first certificate", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_another_kind_is_named()
    {
        IssuedCertificate rsa = _authority.Issue("other.test", rsa: true);
        TlsFault fault = Assert.Single(ServerFaults(TlsPair.ServerSettings(_certificate, s => s with { KeyFile = rsa.KeyFile })));
        Assert.Contains("does not belong to the first certificate", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_encrypted_key_is_a_fault_and_nobody_is_asked_for_a_passphrase()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string path = _authority.Write("encrypted.key", key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000)));
        TlsFault fault = Assert.Single(ServerFaults(TlsPair.ServerSettings(_certificate, s => s with { KeyFile = path })));
        Assert.Equal($"the private key in \"{path}\" is encrypted", fault.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not PEM at all")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nc2VjcmV0LXNlY3JldA==\n-----END PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nc2VjcmV0")]
    public void A_broken_key_file_is_a_fault_without_its_content(string content)
    {
        string path = _authority.Write("broken.key", content);
        TlsFault fault = Assert.Single(ServerFaults(TlsPair.ServerSettings(_certificate, s => s with { KeyFile = path })));
        Assert.Equal("client_tls_key_file", fault.Setting);
        Assert.DoesNotContain("c2Vj", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bundle_with_a_broken_certificate_in_the_middle_is_a_fault()
    {
        string good = File.ReadAllText(_authority.File);
        string path = _authority.Write("bundle.crt", good + "\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + good);
        TlsFault fault = Assert.Single(ServerFaults(TlsPair.ServerSettings(_certificate, s => s with { AuthorityFile = path })));
        Assert.Equal($"certificate 2 cannot be read in \"{path}\"", fault.Message);
    }

    [Fact]
    public void A_file_without_a_certificate_a_folder_and_a_file_too_long_are_faults()
    {
        TlsFault key = Assert.Single(ServerFaults(TlsPair.ServerSettings(_certificate, s => s with { AuthorityFile = _certificate.KeyFile })));
        Assert.Equal($"there is no certificate in \"{_certificate.KeyFile}\"", key.Message);

        string folder = Path.GetDirectoryName(_certificate.KeyFile)!;
        TlsFault isFolder = Assert.Single(ServerFaults(TlsPair.ServerSettings(_certificate, s => s with { AuthorityFile = folder })));
        Assert.Equal($"\"{folder}\" is a folder", isFolder.Message);

        string longFile = _authority.Write("long.crt", new string('x', CertificateFiles.MaxFileLength + 1));
        TlsFault tooLong = Assert.Single(ServerFaults(TlsPair.ServerSettings(_certificate, s => s with { AuthorityFile = longFile })));
        Assert.Contains("is longer than", tooLong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_and_its_key_may_share_a_file()
    {
        string path = _authority.Write("both.pem", File.ReadAllText(_certificate.KeyFile) + "\n" + File.ReadAllText(_certificate.CertificateFile));
        using TlsServerContext context = TlsPair.ServerContext(_certificate, s => s with { CertificateFile = path, KeyFile = path });
        Assert.Equal("db.test", context.Certificate.CommonName);
        Assert.Equal(["db.test"], context.Certificate.DnsNames);
        Assert.Equal(_certificate.Certificate.NotAfter.ToUniversalTime(), context.Certificate.NotAfter.UtcDateTime);
    }

    [Fact]
    public void A_machine_without_OpenSSL_3_is_told_the_packages_name()
    {
        Assert.Null(OpenSslLibrary.FindFault());
        string? fault = OpenSslLibrary.FindFault("libcrypto.so.3", "libssl.so.none");
        Assert.StartsWith("TLS needs OpenSSL 3, and libssl.so.none cannot be loaded: install libssl3", fault, StringComparison.Ordinal);
    }

    private static List<TlsFault> ServerFaults(TlsSettings settings)
    {
        var faults = new List<TlsFault>();
        Assert.Null(TlsServerContext.TryCreate(settings, faults));
        return faults;
    }
}
