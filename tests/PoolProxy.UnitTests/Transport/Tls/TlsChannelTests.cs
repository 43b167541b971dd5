using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Transport;
using PoolProxy.Core.Transport.Tls;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.Transport.Tls;

public sealed class TlsChannelTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TlsServerContext _server;
    private readonly TlsClientContext _client;

    public TlsChannelTests()
    {
        _server = TlsPair.ServerContext(_authority.Issue("db.test", ["db.test"]));
        _client = TlsPair.ClientContext(TlsMode.VerifyFull, _authority.File);
    }

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
        _authority.Dispose();
    }

    [Theory]
    [InlineData(TlsProtocols.Tls12, "TLSv1.2")]
    [InlineData(TlsProtocols.Tls13, "TLSv1.3")]
    public void A_handshake_succeeds_with_its_bytes_cut_at_every_position(TlsProtocols protocol, string version)
    {
        using TlsClientContext client = TlsPair.ClientContext(TlsMode.VerifyFull, _authority.File, s => s with { Protocols = protocol });
        int longest;
        using (var whole = new TlsPair(_server, client))
        {
            whole.Pump();
            longest = Math.Max(whole.SentByClient, whole.SentByServer);
        }
        for (int cut = 1; cut <= longest; cut++)
        {
            using var pair = new TlsPair(_server, client);
            pair.Pump(cut: cut);
            Assert.Equal(TlsState.Open, pair.Client.State);
            Assert.Equal(TlsState.Open, pair.Server.State);
            Assert.Equal(version, pair.Server.Version);
        }
    }

    [Fact]
    public void Bytes_that_come_one_by_one_carry_the_same_conversation()
    {
        using var pair = new TlsPair(_server, _client);
        pair.Pump(piece: 1);
        byte[] question = TlsPair.Bytes(20_000), answer = TlsPair.Bytes(40_000, seed: 2);
        var heardByServer = new MemoryStream();

        pair.Client.Write(question);
        byte[] one = new byte[1];
        while (pair.Client.TakeCipher(one) == 1)
        {
            pair.Server.Feed(one);
            heardByServer.Write(TlsPair.ReadAll(pair.Server, atOnce: 7));
        }
        pair.Server.Write(answer);
        pair.Pump(piece: 1);

        Assert.Equal(question, heardByServer.ToArray());
        Assert.Equal(answer, TlsPair.ReadAll(pair.Client, atOnce: 1000));
    }

    [Fact]
    public void Any_pieces_written_sent_and_read_give_the_same_bytes()
    {
        var sizes = Gen.Choose(1, 40_000).NonEmptyListOf();
        Prop.ForAll(sizes.ToArbitrary(), Gen.Choose(1, 5_000).ToArbitrary(), Gen.Choose(1, 20_000).ToArbitrary(), (writes, piece, read) =>
        {
            using TlsPair pair = new TlsPair(_server, _client).Pump();
            byte[] all = TlsPair.Bytes(writes.Sum());
            int at = 0;
            foreach (int size in writes)
            {
                pair.Server.Write(all.AsSpan(at, size));
                at += size;
            }
            pair.Pump(piece);
            return TlsPair.ReadAll(pair.Client, read).AsSpan().SequenceEqual(all);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    [Fact]
    public void Plaintext_behind_the_last_handshake_message_in_the_same_bytes_is_read()
    {
        using var pair = new TlsPair(_server, _client);
        byte[] hello = Take(pair.Client);
        pair.Server.Feed(hello);
        pair.Client.Feed(Take(pair.Server));
        Assert.Equal(TlsState.Open, pair.Client.State);
        pair.Client.Write("first words"u8);

        pair.Server.Feed(Take(pair.Client));

        Assert.Equal(TlsState.Open, pair.Server.State);
        Assert.Equal("first words", Encoding.ASCII.GetString(TlsPair.ReadAll(pair.Server)));
    }

    [Fact]
    public void Writing_before_the_handshake_is_done_is_refused()
    {
        using var pair = new TlsPair(_server, _client);
        Assert.Throws<InvalidOperationException>(() => pair.Client.Write("too early"u8));
        Assert.Throws<InvalidOperationException>(() => pair.Server.Write("too early"u8));
        Assert.Equal(TlsState.Open, pair.Pump().Client.State);
    }

    [Fact]
    public void Close_notify_reaches_the_peer_behind_the_plaintext_and_the_other_direction_stays_open()
    {
        using TlsPair pair = new TlsPair(_server, _client).Pump();
        pair.Client.Write("last words"u8);
        pair.Client.CloseNotify();
        pair.Pump();
        Assert.Equal("last words", Encoding.ASCII.GetString(TlsPair.ReadAll(pair.Server)));
        Assert.Equal(TlsState.PeerClosed, pair.Server.State);
        Assert.Null(pair.Server.Failure);

        pair.Server.Write("answer"u8);
        pair.Server.CloseNotify();
        pair.Pump();
        Assert.Equal("answer", Encoding.ASCII.GetString(TlsPair.ReadAll(pair.Client)));
        Assert.Equal(TlsState.PeerClosed, pair.Client.State);
    }

    [Fact]
    public void Nothing_is_written_after_close_notify_and_a_second_one_sends_nothing()
    {
        using TlsPair pair = new TlsPair(_server, _client).Pump();
        pair.Server.CloseNotify();
        int pending = pair.Server.PendingCipher;
        pair.Server.CloseNotify();
        Assert.Equal(pending, pair.Server.PendingCipher);
        Assert.Throws<InvalidOperationException>(() => pair.Server.Write("more"u8));
    }

    [Fact]
    public void Bytes_behind_the_peers_close_notify_are_ignored()
    {
        using TlsPair pair = new TlsPair(_server, _client).Pump();
        pair.Client.CloseNotify();
        pair.Pump();
        Assert.Empty(TlsPair.ReadAll(pair.Server));
        pair.Server.Feed("anything"u8);
        Assert.Empty(TlsPair.ReadAll(pair.Server));
        Assert.Equal(TlsState.PeerClosed, pair.Server.State);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: db.test\r\n\r\n")]
    [InlineData("\0\0\0\x08\x04\xd2\x16\x2f")]
    [InlineData("Q\0\0\0\rSELECT 1\0")]
    [InlineData("\x16\x03\x01\xff\xff")]
    public void What_is_not_TLS_fails_with_a_reason(string bytes)
    {
        using TlsChannel channel = _server.Open();
        channel.Feed(Encoding.Latin1.GetBytes(bytes));
        channel.Feed(new byte[16]);
        Assert.Equal(TlsState.Failed, channel.State);
        Assert.StartsWith("TLS handshake failed: ", channel.Failure, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', channel.Failure!);
    }

    [Fact]
    public void A_record_changed_under_way_fails_the_channel_and_tells_the_peer()
    {
        using TlsPair pair = new TlsPair(_server, _client).Pump();
        pair.Client.Write("SELECT 1"u8);
        byte[] record = Take(pair.Client);
        record[^1] ^= 1;
        pair.Server.Feed(record);
        Assert.Empty(TlsPair.ReadAll(pair.Server));
        Assert.Equal(TlsState.Failed, pair.Server.State);
        Assert.StartsWith("TLS failed: ", pair.Server.Failure, StringComparison.Ordinal);

        pair.Pump();
        Assert.Empty(TlsPair.ReadAll(pair.Client));
        Assert.Equal(TlsState.Failed, pair.Client.State);
        Assert.Equal("TLS failed: the peer sent the alert \"bad record mac\"", pair.Client.Failure);
    }

    [Theory]
    [InlineData(TlsProtocols.Tls12)]
    [InlineData(TlsProtocols.Tls13)]
    public void A_byte_changed_anywhere_in_the_handshake_never_opens_the_channel_and_never_throws(TlsProtocols protocol)
    {
        using TlsClientContext client = TlsPair.ClientContext(TlsMode.VerifyFull, _authority.File, s => s with { Protocols = protocol });
        int length;
        using (var whole = new TlsPair(_server, client))
            length = whole.Pump().SentByClient;
        for (int at = 0; at < length; at++)
        {
            using var pair = new TlsPair(_server, client);
            int sent = 0;
            while (pair.Client.PendingCipher > 0)
            {
                byte[] flight = Take(pair.Client);
                if (at >= sent && at < sent + flight.Length)
                    flight[at - sent] ^= 0x40;
                sent += flight.Length;
                pair.Server.Feed(flight);
                pair.Client.Feed(Take(pair.Server));
            }
            // Bytes 1 and 2 of the first record are its version, which receivers ignore (RFC 8446 §5.1).
            Assert.True(pair.Server.State is TlsState.Handshaking or TlsState.Failed || at is 1 or 2, $"position {at}");
        }
    }

    [Fact]
    public void A_failed_channel_takes_every_call_and_does_nothing()
    {
        using TlsChannel channel = _server.Open();
        channel.Feed("GET / HTTP/1.1\r\n\r\n"u8);
        string? failure = channel.Failure;
        channel.Feed("more"u8);
        channel.Write("plain"u8);
        channel.CloseNotify();
        Assert.Equal(0, channel.Read(new byte[10]));
        Assert.Equal(failure, channel.Failure);
        Assert.Null(channel.Version);
        Assert.Null(channel.Cipher);
        Assert.True(channel.PeerCertificate.IsEmpty);
    }

    [Fact]
    public void A_disposed_channel_says_so_and_can_be_disposed_again()
    {
        TlsChannel channel = _client.Open("db.test");
        channel.Dispose();
        channel.Dispose();
        Assert.Equal(0, channel.PendingCipher);
        Assert.Throws<ObjectDisposedException>(() => channel.Feed("x"u8));
        Assert.Throws<ObjectDisposedException>(() => channel.Read(new byte[1]));
    }

    [Fact]
    public void An_open_channel_describes_itself()
    {
        using TlsPair pair = new TlsPair(_server, _client).Pump();
        Assert.Equal("TLSv1.3", pair.Client.Version);
        Assert.Equal("TLS_AES_256_GCM_SHA384", pair.Client.Cipher);
        Assert.Equal(256, pair.Client.CipherBits);
        Assert.Equal("x25519", pair.Server.Group, ignoreCase: true);
        Assert.Equal("postgresql", pair.Server.ApplicationProtocol);
        Assert.Equal("postgresql", pair.Client.ApplicationProtocol);
        Assert.True(pair.Client.IsPeerVerified);
        Assert.False(pair.Server.IsPeerVerified);
        Assert.True(pair.Server.PeerCertificate.IsEmpty);
    }

    [Fact]
    public void Reading_and_writing_allocate_nothing_on_the_managed_heap()
    {
        using TlsPair pair = new TlsPair(_server, _client).Pump();
        byte[] plain = new byte[300], buffer = new byte[1024];
        Assert.Equal(0, Allocations.Of(() => Exchange(200)));

        void Exchange(int times)
        {
            for (int i = 0; i < times; i++)
            {
                pair.Client.Write(plain);
                pair.Server.Feed(buffer.AsSpan(0, pair.Client.TakeCipher(buffer)));
                while (pair.Server.Read(buffer) > 0) { }
            }
        }
    }

    [Fact]
    public void A_peer_whose_bytes_nobody_reads_ends_at_the_bound()
    {
        using TlsPair pair = new TlsPair(_server, _client).Pump();
        byte[] block = new byte[1024 * 1024];
        for (int i = 0; i <= ChannelBio.MaxQueuedBytes / block.Length; i++)
            pair.Server.Feed(block);
        Assert.Equal(TlsState.Failed, pair.Server.State);

        for (int i = 0; i <= ChannelBio.MaxQueuedBytes / block.Length; i++)
            pair.Client.Write(block);
        Assert.Equal(TlsState.Failed, pair.Client.State);
        Assert.Equal("TLS failed: more bytes are waiting for the peer than are kept", pair.Client.Failure);
    }

    private static byte[] Take(TlsChannel channel)
    {
        byte[] bytes = new byte[channel.PendingCipher];
        Assert.Equal(bytes.Length, channel.TakeCipher(bytes));
        return bytes;
    }
}
