using System.Text;

namespace PoolProxy.Load.Driver;

/// <summary>
/// What all TLS clients of a run share. It offers one version, one cipher and one group, so that every peer serves the same handshake and the same
/// records whatever it would have preferred. The certificate is not checked: that would be the client's cost alone. Sessions are not resumed.
/// </summary>
internal sealed unsafe class TlsContext : IDisposable
{
    /// <summary>The one cipher, in OpenSSL's spelling.</summary>
    public const string Cipher = "TLS_AES_256_GCM_SHA384";

    /// <summary>The one group of the key exchange.</summary>
    public const string Group = "X25519";

    private readonly nint _context;

    public TlsContext()
    {
        _context = LibSsl.SSL_CTX_new(LibSsl.TLS_client_method());
        LibSsl.SSL_CTX_ctrl(_context, LibSsl.ControlMode, LibSsl.Modes, null);
        LibSsl.SSL_CTX_ctrl(_context, LibSsl.ControlSetMinimumVersion, LibSsl.Tls13, null);
        LibSsl.SSL_CTX_ctrl(_context, LibSsl.ControlSetMaximumVersion, LibSsl.Tls13, null);
        fixed (byte* groups = Encoding.ASCII.GetBytes(Group + "\0"))
        {
            Demand(LibSsl.SSL_CTX_ctrl(_context, LibSsl.ControlSetGroupsList, 0, groups) == 1, Group);
        }
        Demand(LibSsl.SSL_CTX_set_ciphersuites(_context, Cipher) == 1, Cipher);
    }

    /// <summary>Starts the client's side over a connected socket.</summary>
    public TlsWire Open(int descriptor)
    {
        nint connection = LibSsl.SSL_new(_context);
        Demand(connection != 0 && LibSsl.SSL_set_fd(connection, descriptor) == 1, "SSL_set_fd");
        return new TlsWire(connection);
    }

    /// <inheritdoc/>
    public void Dispose() => LibSsl.SSL_CTX_free(_context);

    private static void Demand(bool isDone, string what)
    {
        if (!isDone)
        {
            throw new BenchException($"OpenSSL refuses {what}");
        }
    }
}
