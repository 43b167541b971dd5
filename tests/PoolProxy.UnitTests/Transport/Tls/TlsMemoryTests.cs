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
    // OpenSSL 3.0 itself takes 13.8 KB for a TLS 1.3 connection on the server's side, of which 7.6 KB are the SSL object; the
    // client's side also keeps the server's certificate.
    private const int IdleBoundTowardsClients = 15 * 1024;
    private const int IdleBoundTowardsServers = 20 * 1024;
    private const int IdleBoundWithClientCertificate = 26 * 1024;

    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Thousands_of_channels_leave_nothing_behind()
    {
        using TlsServerContext server = TlsPair.ServerContext(_authority.Issue("db.test"), s => s with { Mode = TlsMode.VerifyCa, AuthorityFile = _authority.File });
        IssuedCertificate alice = _authority.Issue("alice");
        using TlsClientContext client = TlsPair.ClientContext(TlsMode.VerifyCa, _authority.File, s => s with { CertificateFile = alice.CertificateFile, KeyFile = alice.KeyFile });
        // One forgotten certificate, key share or BIO a channel would be far above this.
        Assert.InRange(LeastGrowth(times: 250, () => OpenAndClose(server, client)), long.MinValue, 32);
    }

    [Fact]
    public void Contexts_that_are_replaced_or_refused_leave_nothing_behind()
    {
        IssuedCertificate certificate = _authority.Issue("db.test");
        Assert.InRange(LeastGrowth(times: 60, () => BuildContexts(certificate)), long.MinValue, 64);
    }

    [Theory]
    [InlineData(TlsProtocols.Tls12, false)]
    [InlineData(TlsProtocols.Tls13, false)]
    [InlineData(TlsProtocols.Tls13, true)]
    public void An_idle_channel_stays_small_whatever_it_carried_before(TlsProtocols protocol, bool withCertificate)
    {
        string authorities = withCertificate ? _authority.File : "";
        IssuedCertificate alice = _authority.Issue("alice");
        using TlsServerContext server = TlsPair.ServerContext(_authority.Issue("db.test"), s => s with { Protocols = protocol, AuthorityFile = authorities });
        using TlsClientContext client = TlsPair.ClientContext(TlsMode.VerifyCa, _authority.File, s => s with { CertificateFile = alice.CertificateFile, KeyFile = alice.KeyFile });
        (long Server, long Client)[] rounds = [.. Enumerable.Range(0, 3).Select(_ => IdleBytes(server, client))];
        // What the runtime gives back in between counts as ours: the least is nearest to what a channel takes.
        long perServer = rounds.Min(round => round.Server);
        long perClient = rounds.Min(round => round.Client);
        output.WriteLine($"{protocol}, client certificate {withCertificate}: {perServer} bytes an idle channel towards a client, {perClient} towards a server");
        Assert.InRange(perServer, 1, withCertificate ? IdleBoundWithClientCertificate : IdleBoundTowardsClients);
        Assert.InRange(perClient, 1, withCertificate ? IdleBoundWithClientCertificate : IdleBoundTowardsServers);
    }

    private static (long Server, long Client) IdleBytes(TlsServerContext server, TlsClientContext client)
    {
        const int count = 250;
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
        return (perServer, (clientsOnly - NativeBytes()) / count);
    }

    // Four lives: hardly begun, closed in order, ended by a broken record, dropped while open.
    private static void OpenAndClose(TlsServerContext server, TlsClientContext client)
    {
        new TlsPair(server, client).Dispose();
        for (int life = 0; life < 3; life++)
        {
            using TlsPair pair = new TlsPair(server, client).Pump();
            Exchange(pair, "a query"u8);
            _ = pair.Server.DescribePeer();
            _ = pair.Client.TlsServerEndPoint;
            if (life == 0)
                pair.Client.CloseNotify();
            if (life == 1)
                pair.Server.Feed("\x17\x03\x03\0\x10 not a record    "u8);
            pair.Pump();
            _ = TlsPair.ReadAll(pair.Server);
        }
    }

    private void BuildContexts(IssuedCertificate certificate)
    {
        TlsPair.ServerContext(certificate, s => s with { AuthorityFile = _authority.File }).Dispose();
        TlsPair.ClientContext(TlsMode.VerifyCa, _authority.File).Dispose();
        var faults = new List<TlsFault>();
        Assert.Null(TlsServerContext.TryCreate(TlsPair.ServerSettings(certificate, s => s with { Ciphers = "NONE-SUCH" }), faults));
    }

    // The runtime's own allocations (the JIT's above all) come and go by megabytes, so one round proves nothing: what leaks
    // grows in every round, and the least of them is what counts.
    private static long LeastGrowth(int times, Action action)
    {
        long least = long.MaxValue;
        for (int round = 0; round < 4; round++)
        {
            long before = NativeBytes();
            for (int i = 0; i < times; i++)
                action();
            least = Math.Min(least, (NativeBytes() - before) / times);
        }
        return least;
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
