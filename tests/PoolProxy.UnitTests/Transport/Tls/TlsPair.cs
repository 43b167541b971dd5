using System.Security.Cryptography;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Transport.Tls;
using Xunit;

namespace PoolProxy.UnitTests.Transport.Tls;

/// <summary>Our client and our server joined in memory: bytes move only when a test moves them, in pieces it chooses.</summary>
internal sealed class TlsPair : IDisposable
{
    public TlsPair(TlsServerContext server, TlsClientContext client, string? host = "db.test")
    {
        Server = server.Open();
        Client = client.Open(host);
    }

    public TlsChannel Client { get; }

    public TlsChannel Server { get; }

    /// <summary>Cipher bytes that went from client to server so far.</summary>
    public int SentByClient { get; private set; }

    /// <summary>Cipher bytes that went from server to client so far.</summary>
    public int SentByServer { get; private set; }

    public static TlsServerContext ServerContext(IssuedCertificate certificate, Func<TlsSettings, TlsSettings>? change = null) =>
        Build(TlsServerContext.TryCreate, ServerSettings(certificate, change));

    public static TlsClientContext ClientContext(TlsMode mode, string authorityFile = "", Func<TlsSettings, TlsSettings>? change = null) =>
        Build(TlsClientContext.TryCreate, ClientSettings(mode, authorityFile, change));

    public static TlsSettings ServerSettings(IssuedCertificate certificate, Func<TlsSettings, TlsSettings>? change = null)
    {
        var settings = new TlsSettings { Prefix = "client_tls", Mode = TlsMode.Require, CertificateFile = certificate.CertificateFile, KeyFile = certificate.KeyFile };
        return change?.Invoke(settings) ?? settings;
    }

    public static TlsSettings ClientSettings(TlsMode mode, string authorityFile = "", Func<TlsSettings, TlsSettings>? change = null)
    {
        var settings = new TlsSettings { Prefix = "server_tls", Mode = mode, AuthorityFile = authorityFile };
        return change?.Invoke(settings) ?? settings;
    }

    /// <summary>
    /// Moves what is pending, both ways, until nothing is. Pieces end at every multiple of <paramref name="piece"/> and, in
    /// each direction, at the absolute position <paramref name="cut"/>.
    /// </summary>
    public TlsPair Pump(int piece = int.MaxValue, int cut = int.MaxValue)
    {
        byte[] buffer = new byte[32 * 1024];
        while (Client.PendingCipher > 0 || Server.PendingCipher > 0)
        {
            SentByClient += Move(Client, Server, buffer, piece, cut - SentByClient);
            SentByServer += Move(Server, Client, buffer, piece, cut - SentByServer);
        }
        return this;
    }

    /// <summary>Everything <paramref name="channel"/> has to read now.</summary>
    public static byte[] ReadAll(TlsChannel channel, int atOnce = 4096)
    {
        var all = new MemoryStream();
        byte[] buffer = new byte[atOnce];
        for (int read = channel.Read(buffer); read > 0; read = channel.Read(buffer))
            all.Write(buffer, 0, read);
        return all.ToArray();
    }

    /// <summary>Bytes without a pattern, the same for the same seed.</summary>
    public static byte[] Bytes(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }

    private static int Move(TlsChannel from, TlsChannel to, byte[] buffer, int piece, int untilCut)
    {
        int most = Math.Min(piece, buffer.Length);
        if (untilCut > 0)
            most = Math.Min(most, untilCut);
        int taken = from.TakeCipher(buffer.AsSpan(0, most));
        to.Feed(buffer.AsSpan(0, taken));
        CryptographicOperations.ZeroMemory(buffer.AsSpan(0, taken));
        return taken;
    }

    private delegate T? Builder<T>(TlsSettings settings, ICollection<TlsFault> faults);

    private static T Build<T>(Builder<T> build, TlsSettings settings)
        where T : class
    {
        var faults = new List<TlsFault>();
        T? context = build(settings, faults);
        Assert.Empty(faults);
        return Assert.IsType<T>(context);
    }
}
