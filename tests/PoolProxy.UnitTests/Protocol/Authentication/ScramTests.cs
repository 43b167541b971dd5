using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PoolProxy.Protocol.Authentication;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Authentication;

public sealed class ScramTests
{
    // RFC 7677 §3.
    private const string ClientFirst = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    private const string ServerFirst = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private const string ClientFinal = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private const string ServerFinal = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    private static readonly byte[] Salt = Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ==");
    private static readonly ScramVerifier Verifier = ScramVerifier.FromPassword("pencil"u8, Salt, 4096);
    private static readonly byte[] Certificate = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    [Fact]
    public void The_client_says_what_RFC_7677_has_it_say()
    {
        var client = new ScramClient(ScramBinding.Unable, default, "rOprNGfwEbeRWgbNEkqO"u8, "user"u8);
        Assert.Equal(ClientFirst, Text(client.FirstMessage()));
        Assert.Equal(ScramResult.Done, client.ReadServerFirst(Bytes(ServerFirst), maxIterations: 4096));
        Assert.Equal(Salt, client.Salt);
        Assert.Equal(ClientFinal, Text(client.FinalMessage(ScramKeys.Derive("pencil"u8, client.Salt, client.Iterations))));
        Assert.Equal(ScramResult.Done, client.ReadServerFinal(Bytes(ServerFinal)));
    }

    [Fact]
    public void The_server_says_what_RFC_7677_has_it_say()
    {
        ScramServer server = Server();
        Assert.Equal(ScramResult.Done, server.ReadClientFirst("SCRAM-SHA-256"u8, Bytes(ClientFirst), out byte[] first));
        Assert.Equal(ServerFirst, Text(first));
        Assert.Equal(ScramResult.Done, server.ReadClientFinal(Bytes(ClientFinal), out byte[] final));
        Assert.Equal(ServerFinal, Text(final));
        Assert.Equal(ScramKeys.Derive("pencil"u8, Salt, 4096).ClientKey, server.ClientKey);
    }

    [Theory]
    [InlineData(ScramBinding.Unable, false)]
    [InlineData(ScramBinding.Unable, true)]
    [InlineData(ScramBinding.NotOffered, false)]
    [InlineData(ScramBinding.TlsServerEndPoint, true)]
    public void A_client_that_knows_the_password_logs_in(ScramBinding binding, bool offersPlus) =>
        Assert.Equal((ScramResult.Done, ScramResult.Done), Login(Verifier, "pencil", binding, Certificate, offersPlus ? Certificate : []));

    [Fact]
    public void Any_password_logs_in_and_no_other_does() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<byte[]>(), (right, other) =>
    {
        ScramVerifier verifier = ScramVerifier.FromPassword(right, Salt, iterations: 2);
        bool same = SaslPrep.Prepare(right).AsSpan().SequenceEqual(SaslPrep.Prepare(other));
        return Login(verifier, right).Server == ScramResult.Done && Login(verifier, other).Server == (same ? ScramResult.Done : ScramResult.WrongProof)
            && verifier.Verify(right) && verifier.Verify(other) == same;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Keys_won_from_a_login_log_in_upstream()
    {
        using var random = RandomNumberGenerator.Create();
        ScramServer ours = Server();
        ours.ReadClientFirst("SCRAM-SHA-256"u8, Bytes(ClientFirst), out _);
        ours.ReadClientFinal(Bytes(ClientFinal), out _);
        var keys = new ScramKeys(ours.ClientKey, Verifier.ServerKey);

        var client = new ScramClient(ScramBinding.Unable, default, random);
        var upstream = new ScramServer(Verifier, default, random);
        upstream.ReadClientFirst("SCRAM-SHA-256"u8, client.FirstMessage(), out byte[] first);
        client.ReadServerFirst(first, 100_000);
        Assert.Equal(ScramResult.Done, upstream.ReadClientFinal(client.FinalMessage(keys), out byte[] final));
        Assert.Equal(ScramResult.Done, client.ReadServerFinal(final));
    }

    [Fact]
    public void Binding_to_another_certificate_is_refused() =>
        Assert.Equal(ScramResult.ChannelBinding, Login(Verifier, "pencil", ScramBinding.TlsServerEndPoint, [.. Certificate.Reverse()], Certificate).Server);

    [Fact]
    public void A_client_that_was_not_shown_our_offer_of_binding_is_refused() =>
        Assert.Equal(ScramResult.ChannelBinding, Login(Verifier, "pencil", ScramBinding.NotOffered, [], Certificate).Server);

    [Theory]
    [InlineData("SCRAM-SHA-256", "p=tls-server-end-point,,n=,r=abc", ScramResult.ChannelBinding)]
    [InlineData("SCRAM-SHA-256-PLUS", "n,,n=,r=abc", ScramResult.ChannelBinding)]
    [InlineData("SCRAM-SHA-256-PLUS", "y,,n=,r=abc", ScramResult.ChannelBinding)]
    [InlineData("SCRAM-SHA-256-PLUS", "p=tls-unique,,n=,r=abc", ScramResult.ChannelBinding)]
    [InlineData("SCRAM-SHA-256", "n,a=other,n=,r=abc", ScramResult.AuthorizationIdentity)]
    [InlineData("SCRAM-SHA-256", "n,other,n=,r=abc", ScramResult.Malformed)]
    [InlineData("SCRAM-SHA-256", "n,,m=x,n=,r=abc", ScramResult.MandatoryExtension)]
    [InlineData("SCRAM-SHA-256", "", ScramResult.Malformed)]
    [InlineData("SCRAM-SHA-256", "n", ScramResult.Malformed)]
    [InlineData("SCRAM-SHA-256", "n,", ScramResult.Malformed)]
    [InlineData("SCRAM-SHA-256", "n,,", ScramResult.Malformed)]
    [InlineData("SCRAM-SHA-256", "x,,n=,r=abc", ScramResult.Malformed)]
    [InlineData("SCRAM-SHA-256", "n,,n=", ScramResult.Malformed)]
    [InlineData("SCRAM-SHA-256", "n,,r=abc,n=", ScramResult.Malformed)]
    [InlineData("SCRAM-SHA-256", "n,,n=,r=", ScramResult.Malformed)]
    [InlineData("SCRAM-SHA-256", "n,,n=,r=a b", ScramResult.Malformed)]
    [InlineData("SCRAM-SHA-256", "n,,n=,r=a\0b", ScramResult.Malformed)]
    [InlineData("SCRAM-SHA-256", "n,,n=,r=é", ScramResult.Malformed)]
    public void A_crooked_first_message_is_refused(string mechanism, string message, ScramResult expected)
    {
        ScramServer server = Server(mechanism == Scram.PlusMechanism ? Certificate : []);
        Assert.Equal(expected, server.ReadClientFirst(Bytes(mechanism), Bytes(message), out byte[] challenge));
        Assert.Empty(challenge);
        Assert.Throws<InvalidOperationException>(() => server.ReadClientFinal(Bytes(ClientFinal), out _));
    }

    // CVE-2026-6664, 6665: lengths chosen by the peer before it is known.
    [Theory]
    [InlineData(100, ScramResult.Done)]
    [InlineData(257, ScramResult.NonceTooLong)]
    [InlineData(1016, ScramResult.NonceTooLong)]
    [InlineData(1017, ScramResult.TooLong)]
    [InlineData(1_000_000, ScramResult.TooLong)]
    public void A_clients_nonce_and_message_are_bounded(int nonceLength, ScramResult expected) =>
        Assert.Equal(expected, Server().ReadClientFirst("SCRAM-SHA-256"u8, Bytes("n,,n=,r=" + new string('a', nonceLength)), out _));

    [Theory]
    [InlineData("", ScramResult.Malformed)]
    [InlineData("c=biws", ScramResult.Malformed)]
    [InlineData("c=eSws,r=@,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", ScramResult.ChannelBinding)]
    [InlineData("c=biws,r=@x,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", ScramResult.Nonce)]
    [InlineData("c=biws,r=@", ScramResult.Malformed)]
    [InlineData("c=biws,r=@,", ScramResult.Malformed)]
    [InlineData("c=biws,r=@,p=", ScramResult.Malformed)]
    [InlineData("c=biws,r=@,p=AAAA", ScramResult.Malformed)]
    [InlineData("c=biws,r=@,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ", ScramResult.Malformed)]
    [InlineData("c=biws,r=@,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgs qmmiz7AndVQ=", ScramResult.Malformed)]
    [InlineData("c=biws,r=@,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=,x=y", ScramResult.Malformed)]
    [InlineData("c=biws,r=@,x=y,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", ScramResult.WrongProof)]
    [InlineData("c=biws,r=@,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVA=", ScramResult.WrongProof)]
    public void A_crooked_final_message_is_refused(string message, ScramResult expected)
    {
        ScramServer server = Server();
        server.ReadClientFirst("SCRAM-SHA-256"u8, Bytes(ClientFirst), out _);
        string text = message.Replace("@", "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", StringComparison.Ordinal);
        Assert.Equal(expected, server.ReadClientFinal(Bytes(text), out byte[] final));
        Assert.Empty(final);
        Assert.True(server.ClientKey.IsEmpty);
    }

    [Fact]
    public void No_bytes_make_the_server_throw() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<byte[]>(), (first, final) =>
    {
        ScramServer server = Server();
        Server().ReadClientFirst("SCRAM-SHA-256"u8, [.. "n,,"u8, .. first], out _);
        server.ReadClientFirst("SCRAM-SHA-256"u8, Bytes(ClientFirst), out _);
        return server.ReadClientFinal(final, out _) != ScramResult.Done;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("r=other,s=AAAA,i=1", ScramResult.Nonce)]
    [InlineData("r=abc,s=AAAA,i=1", ScramResult.Nonce)]
    [InlineData("m=x,r=abcd,s=AAAA,i=1", ScramResult.MandatoryExtension)]
    [InlineData("", ScramResult.Malformed)]
    [InlineData("r=abcd", ScramResult.Malformed)]
    [InlineData("r=abcd,s=,i=1", ScramResult.Malformed)]
    [InlineData("r=abcd,s=A,i=1", ScramResult.Malformed)]
    [InlineData("r=abcd,s=AAAA", ScramResult.Malformed)]
    [InlineData("r=abcd,s=AAAA,i=", ScramResult.Malformed)]
    [InlineData("r=abcd,s=AAAA,i=-1", ScramResult.Malformed)]
    [InlineData("r=abcd,s=AAAA,i=1x", ScramResult.Malformed)]
    [InlineData("r=abcd,s=AAAA,i=0", ScramResult.Iterations)]
    [InlineData("r=abcd,s=AAAA,i=100001", ScramResult.Iterations)]
    [InlineData("r=abcd,s=AAAA,i=4294967297", ScramResult.Iterations)]
    [InlineData("r=abcd,s=AAAA,i=100000", ScramResult.Done)]
    [InlineData("r=abcd,s=AAAA,i=1,x=later", ScramResult.Done)]
    public void A_servers_challenge_is_checked(string message, ScramResult expected)
    {
        var client = new ScramClient(ScramBinding.Unable, default, "abc"u8, default);
        Assert.Equal(expected, client.ReadServerFirst(Bytes(message), maxIterations: 100_000));
        if (expected != ScramResult.Done) Assert.Throws<InvalidOperationException>(() => client.FinalMessage(ScramKeys.Derive("x"u8, Salt, 1)));
    }

    [Theory]
    [InlineData(256, ScramResult.Done)]
    [InlineData(257, ScramResult.NonceTooLong)]
    [InlineData(1014, ScramResult.TooLong)]
    [InlineData(10_000_000, ScramResult.TooLong)]
    public void A_servers_nonce_and_message_are_bounded(int nonceLength, ScramResult expected)
    {
        var client = new ScramClient(ScramBinding.Unable, default, "abc"u8, default);
        Assert.Equal(expected, client.ReadServerFirst(Bytes("r=" + "abc".PadRight(nonceLength, 'x') + ",s=AAAA,i=1"), maxIterations: 100_000));
    }

    [Theory]
    [InlineData("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G0=", ScramResult.WrongServerSignature)]
    [InlineData("v=", ScramResult.WrongServerSignature)]
    [InlineData("v=AAAA", ScramResult.WrongServerSignature)]
    [InlineData("v=A", ScramResult.Malformed)]
    [InlineData("", ScramResult.Malformed)]
    [InlineData("e=other-error", ScramResult.ServerError)]
    public void A_server_that_does_not_know_the_verifier_is_refused(string message, ScramResult expected)
    {
        var client = new ScramClient(ScramBinding.Unable, default, "rOprNGfwEbeRWgbNEkqO"u8, "user"u8);
        client.ReadServerFirst(Bytes(ServerFirst), 4096);
        client.FinalMessage(ScramKeys.Derive("pencil"u8, client.Salt, client.Iterations));
        Assert.Equal(expected, client.ReadServerFinal(Bytes(message)));
        Assert.Throws<InvalidOperationException>(() => client.ReadServerFinal(Bytes(ServerFinal)));
    }

    [Fact]
    public void Steps_out_of_order_throw()
    {
        var client = new ScramClient(ScramBinding.Unable, default, "abc"u8, default);
        Assert.Throws<InvalidOperationException>(() => client.ReadServerFinal(Bytes(ServerFinal)));
        Assert.Throws<InvalidOperationException>(() => Server().ReadClientFinal(Bytes(ClientFinal), out _));
        Assert.Throws<ArgumentException>(() => new ScramClient(ScramBinding.TlsServerEndPoint, default, "abc"u8, default));
        Assert.Throws<ArgumentException>(() => new ScramClient(ScramBinding.Unable, Certificate, "abc"u8, default));
    }

    [Fact]
    public void A_user_that_does_not_exist_gets_a_challenge_that_looks_real_and_stays_the_same()
    {
        byte[] secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        ScramVerifier mock = ScramVerifier.Mock(secret, "nobody"u8);
        Assert.Equal(Verifier.Iterations, mock.Iterations);
        Assert.Equal(Verifier.Salt.Length, mock.Salt.Length);
        Assert.Equal(mock.Salt, ScramVerifier.Mock(secret, "nobody"u8).Salt);
        Assert.NotEqual(mock.Salt.ToArray(), ScramVerifier.Mock(secret, "another"u8).Salt.ToArray());
        Assert.NotEqual(mock.Salt.ToArray(), ScramVerifier.Mock([.. secret.Reverse()], "nobody"u8).Salt.ToArray());
        Assert.True(mock.IsMock);
        Assert.False(mock.Verify("pencil"u8));
        Assert.Equal(ScramResult.WrongProof, Login(mock, "pencil"u8.ToArray()).Server);
    }

    [Fact]
    public void Only_offered_mechanisms_are_taken()
    {
        Assert.True(Server().Offers("SCRAM-SHA-256"u8));
        Assert.False(Server().Offers("SCRAM-SHA-256-PLUS"u8));
        Assert.True(Server(Certificate).Offers("SCRAM-SHA-256-PLUS"u8));
        Assert.False(Server(Certificate).Offers("SCRAM-SHA-1"u8));
    }

    private static (ScramResult Server, ScramResult Client) Login(ScramVerifier verifier, byte[] password) =>
        Login(verifier, password, ScramBinding.Unable, [], []);

    private static (ScramResult Server, ScramResult Client) Login(ScramVerifier verifier, string password, ScramBinding binding, byte[] seen, byte[] own) =>
        Login(verifier, Bytes(password), binding, seen, own);

    private static (ScramResult Server, ScramResult Client) Login(ScramVerifier verifier, byte[] password, ScramBinding binding, byte[] seen, byte[] own)
    {
        using var random = RandomNumberGenerator.Create();
        var client = new ScramClient(binding, binding == ScramBinding.TlsServerEndPoint ? seen : [], random);
        var server = new ScramServer(verifier, own, random);
        ScramResult result = server.ReadClientFirst(Bytes(client.Mechanism), client.FirstMessage(), out byte[] first);
        if (result != ScramResult.Done) return (result, ScramResult.Malformed);
        result = client.ReadServerFirst(first, 100_000);
        if (result != ScramResult.Done) return (ScramResult.Done, result);
        result = server.ReadClientFinal(client.FinalMessage(ScramKeys.Derive(password, client.Salt, client.Iterations)), out byte[] final);
        return result != ScramResult.Done ? (result, ScramResult.Malformed) : (result, client.ReadServerFinal(final));
    }

    private static ScramServer Server(byte[]? certificate = null) => new(Verifier, certificate ?? [], "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"u8);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[] bytes) => Encoding.ASCII.GetString(bytes);
}
