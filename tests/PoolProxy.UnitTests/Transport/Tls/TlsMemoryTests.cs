using System.Runtime.InteropServices;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Transport.Tls;
using Xunit;
using Xunit.Abstractions;

namespace PoolProxy.UnitTests.Transport.Tls;

/// <summary>What channels cost, counted by the C library's allocator, while no other test runs in the process.</summary>
[Collection(nameof(AloneInTheProcess))]
public sealed partial class TlsMemoryTests(ITestOutputHelper output) : IDisposable
{
    private const int IdleBound = 14 * 1024;

    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Thousands_of_channels_leave_nothing_behind()
    {
        using TlsServerContext server = TlsPair.ServerContext(_authority.Issue("db.test"), s => s with { Mode = TlsMode.VerifyCa, AuthorityFile = _authority.File });
        IssuedCertificate alice = _authority.Issue("alice");
        using TlsClientContext client = TlsPair.ClientContext(TlsMode.VerifyCa, _authority.File, s => s with { CertificateFile = alice.CertificateFile, KeyFile = alice.KeyFile });
        OpenAndClose(server, client, 300);
        long before = NativeBytes();
        OpenAndClose(server, client, 3000);
        // One forgotten certificate reference, key share or BIO a channel would be far above this.
        Assert.InRange((NativeBytes() - before) / 3000, long.MinValue, 32);
    }

    [Fact]
    public void Contexts_that_are_replaced_or_refused_leave_nothing_behind()
    {
        IssuedCertificate certificate = _authority.Issue("db.test");
        BuildContexts(certificate, 20);
        long before = NativeBytes();
        BuildContexts(certificate, 300);
        Assert.InRange((NativeBytes() - before) / 300, long.MinValue, 256);
    }

    [Theory]
    [InlineData(TlsProtocols.Tls12, false)]
    [InlineData(TlsProtocols.Tls13, false)]
    [InlineData(TlsProtocols.Tls13, true)]
    public void An_idle_channel_stays_below_14_KB_whatever_it_carried_before(TlsProtocols protocol, bool withCertificate)
    {
        const int count = 400;
        string authorities = withCertificate ? _authority.File : "";
        IssuedCertificate alice = _authority.Issue("alice");
        using TlsServerContext server = TlsPair.ServerContext(_authority.Issue("db.test"), s => s with { Protocols = protocol, AuthorityFile = authorities });
        using TlsClientContext client = TlsPair.ClientContext(TlsMode.VerifyCa, _authority.File, s => s with { CertificateFile = alice.CertificateFile, KeyFile = alice.KeyFile });
        byte[] large = new byte[100_000];
        var pairs = new List<TlsPair>();
        for (int i = 0; i < count; i++)
        {
            TlsPair pair = new TlsPair(server, client).Pump();
            Exchange(pair, large);
            Exchange(pair, large.AsSpan(0, 100));
            pairs.Add(pair);
        }
        long both = NativeBytes();
        foreach (TlsPair pair in pairs)
            pair.Server.Dispose();
        long perServer = (both - NativeBytes()) / count;
        long clientsOnly = NativeBytes();
        foreach (TlsPair pair in pairs)
            pair.Client.Dispose();
        long perClient = (clientsOnly - NativeBytes()) / count;
        output.WriteLine($"{protocol}, client certificate {withCertificate}: {perServer} bytes an idle channel towards a client, {perClient} towards a server");
        Assert.InRange(perServer, 1, IdleBound);
        Assert.InRange(perClient, 1, IdleBound);
    }

    private static void OpenAndClose(TlsServerContext server, TlsClientContext client, int count)
    {
        for (int i = 0; i < count; i++)
        {
            using var pair = new TlsPair(server, client);
            if (i % 4 == 0)
                continue;
            pair.Pump();
            Exchange(pair, "a query"u8);
            _ = pair.Server.DescribePeer();
            _ = pair.Client.TlsServerEndPoint;
            if (i % 4 == 1)
                pair.Client.CloseNotify();
            if (i % 4 == 2)
                pair.Server.Feed("\x17\x03\x03\0\x10 not a record    "u8);
            _ = TlsPair.ReadAll(pair.Server);
        }
    }

    private void BuildContexts(IssuedCertificate certificate, int count)
    {
        for (int i = 0; i < count; i++)
        {
            TlsPair.ServerContext(certificate, s => s with { AuthorityFile = _authority.File }).Dispose();
            var faults = new List<TlsFault>();
            Assert.Null(TlsServerContext.TryCreate(TlsPair.ServerSettings(certificate, s => s with { Ciphers = "NONE-SUCH" }), faults));
        }
    }

    private static void Exchange(TlsPair pair, ReadOnlySpan<byte> bytes)
    {
        pair.Client.Write(bytes);
        pair.Server.Write(bytes);
        pair.Pump();
        Assert.Equal(bytes.Length, TlsPair.ReadAll(pair.Server).Length);
        Assert.Equal(bytes.Length, TlsPair.ReadAll(pair.Client).Length);
    }

    private static long NativeBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        MallocInfo info = MallInfo2();
        return (long)(info.UsedBytes + info.MappedBytes);
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallinfo2")]
    private static partial MallocInfo MallInfo2();

    /// <summary>glibc's struct mallinfo2.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct MallocInfo
    {
        private readonly nuint _arena, _freeBlocks, _fastBlocks, _mappedBlocks;

        /// <summary>Bytes in mapped blocks (hblkhd).</summary>
        public readonly nuint MappedBytes;

        private readonly nuint _unused, _fastBytes;

        /// <summary>Bytes handed out (uordblks).</summary>
        public readonly nuint UsedBytes;

        private readonly nuint _freeBytes, _releasable;
    }
}
