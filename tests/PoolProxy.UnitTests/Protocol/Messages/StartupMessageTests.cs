using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;
using PoolProxy.Protocol.Messages.Frontend;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Messages;

public sealed class StartupMessageTests
{
    [Fact]
    public void Parameters_come_in_the_clients_order()
    {
        byte[] body = Startup(ProtocolVersion.V3_0, ("user", "ann"), ("database", "app"), ("options", "-c a=b"));
        Assert.Equal(StartupResult.Accepted, StartupMessage.TryRead(body, out StartupMessage message));
        var read = new List<string>();
        foreach (StartupParameter parameter in message.Parameters) read.Add($"{Encoding.UTF8.GetString(parameter.Name)}={Encoding.UTF8.GetString(parameter.Value)}");
        Assert.Equal(["user=ann", "database=app", "options=-c a=b"], read);
        Assert.Equal(ProtocolVersion.V3_0, message.AgreedVersion);
    }

    [Fact]
    public void Of_a_name_that_comes_twice_the_last_value_counts()
    {
        byte[] body = Startup(ProtocolVersion.V3_0, ("user", "ann"), ("user", "bob"));
        StartupMessage.TryRead(body, out StartupMessage message);
        Assert.True(message.Parameters.TryGet("user"u8, out ReadOnlySpan<byte> user));
        Assert.Equal("bob"u8, user);
        Assert.False(message.Parameters.TryGet("database"u8, out _));
    }

    [Theory]
    [InlineData(ProtocolVersion.V3_0, StartupResult.Accepted, ProtocolVersion.V3_0)]
    [InlineData((3 << 16) | 1, StartupResult.Accepted, (3 << 16) | 1)]
    [InlineData(ProtocolVersion.V3_2, StartupResult.Accepted, ProtocolVersion.V3_2)]
    [InlineData((3 << 16) | 3, StartupResult.Negotiate, ProtocolVersion.V3_2)]
    [InlineData((3 << 16) | 9999, StartupResult.Negotiate, ProtocolVersion.V3_2)]
    public void A_newer_minor_version_is_negotiated_down(int version, StartupResult expected, int agreed)
    {
        Assert.Equal(expected, StartupMessage.TryRead(Startup(version, ("user", "ann")), out StartupMessage message));
        Assert.Equal(agreed, message.AgreedVersion);
    }

    [Fact]
    public void An_unknown_protocol_option_is_named_in_the_negotiation()
    {
        byte[] body = Startup(ProtocolVersion.V3_0, ("_pq_.one", "1"), ("user", "ann"), ("_pq_.two", ""));
        Assert.Equal(StartupResult.Negotiate, StartupMessage.TryRead(body, out StartupMessage startup));
        using var writer = new MessageWriter();
        NegotiateProtocolVersion.Write(writer, startup);
        Assert.Equal("v\0\0\0\u001e\0\u0003\0\0\0\0\0\u0002_pq_.one\0_pq_.two\0"u8, writer.WrittenSpan);

        Assert.True(NegotiateProtocolVersion.TryRead(writer.WrittenSpan[Frame.HeaderLength..], out NegotiateProtocolVersion answer));
        Assert.Equal((ProtocolVersion.V3_0, 2), (answer.Version, answer.OptionCount));
        Assert.True(answer.Refuses("_pq_.two"u8));
        Assert.False(answer.Refuses("_pq_.three"u8));
    }

    [Theory]
    [InlineData(2 << 16, "unsupported frontend protocol 2.0: server supports 3.0 to 3.2")]
    [InlineData((4 << 16) | 1, "unsupported frontend protocol 4.1: server supports 3.0 to 3.2")]
    [InlineData(-1, "unsupported frontend protocol 65535.65535: server supports 3.0 to 3.2")]
    public void Another_major_version_is_refused_whatever_follows(int version, string text)
    {
        byte[] body = [.. Startup(version, ("user", "ann")), 1, 2, 3];
        Assert.Equal(StartupResult.UnsupportedVersion, StartupMessage.TryRead(body, out StartupMessage message));
        Assert.Equal(text, StartupMessage.UnsupportedVersionText(message.Version));
    }

    [Theory]
    [InlineData("\0\u0003\0\0")]
    [InlineData("\0\u0003\0\0user")]
    [InlineData("\0\u0003\0\0user\0")]
    [InlineData("\0\u0003\0\0user\0ann")]
    [InlineData("\0\u0003\0\0user\0ann\0")]
    [InlineData("\0\u0003\0\0user\0ann\0\0x")]
    [InlineData("\0\u0003\0\0user\0ann\0\0\0")]
    public void A_missing_terminator_or_bytes_behind_the_last_are_refused(string body) =>
        Assert.Equal(StartupResult.InvalidLayout, StartupMessage.TryRead(Encoding.Latin1.GetBytes(body), out _));

    [Fact]
    public void A_message_without_a_user_is_refused()
    {
        Assert.Equal(StartupResult.NoUser, StartupMessage.TryRead(Startup(ProtocolVersion.V3_0), out _));
        Assert.Equal(StartupResult.NoUser, StartupMessage.TryRead(Startup(ProtocolVersion.V3_0, ("user", "")), out _));
        Assert.Equal(StartupResult.NoUser, StartupMessage.TryRead(Startup(ProtocolVersion.V3_0, ("database", "user")), out _));
    }

    [Fact]
    public void The_bound_is_10_000_bytes_behind_the_length()
    {
        byte[] largest = Startup(ProtocolVersion.V3_0, ("user", new string('u', 10_000 - 4 - 7)));
        Assert.Equal(10_000, largest.Length);
        Assert.Equal(StartupResult.Accepted, StartupMessage.TryRead(largest, out _));
        Assert.Equal(StartupResult.InvalidLength, StartupMessage.TryRead(Startup(ProtocolVersion.V3_0, ("user", new string('u', 10_000 - 4 - 6))), out _));
        Assert.Equal(StartupResult.InvalidLength, StartupMessage.TryRead([0, 3, 0], out _));
    }

    [Fact]
    public void Any_parameters_come_back() => Prop.ForAll(Strings.Any.Filter(name => name.Length > 0), Strings.Any, (name, value) =>
    {
        byte[] body = Written.UntypedBody(writer =>
        {
            StartupMessage.Begin(writer, ProtocolVersion.V3_2);
            StartupMessage.WriteParameter(writer, "user"u8, "ann"u8);
            StartupMessage.WriteParameter(writer, name, value);
            StartupMessage.End(writer);
        });
        return StartupMessage.TryRead(body, out StartupMessage message) is StartupResult.Accepted or StartupResult.Negotiate
            && message.Parameters.TryGet(name, out ReadOnlySpan<byte> read) && read.SequenceEqual(value);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_bytes_make_the_reader_throw() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
    {
        StartupResult result = StartupMessage.TryRead([0, 3, 0, 0, .. bytes], out StartupMessage message);
        foreach (StartupParameter parameter in message.Parameters)
        {
            if (parameter.Name.IsEmpty) return false;
        }

        StartupPacket.Classify(bytes);
        return result != StartupResult.UnsupportedVersion;
    }).QuickCheckThrowOnFailure();

    private static byte[] Startup(int version, params (string Name, string Value)[] parameters) => Written.UntypedBody(writer =>
    {
        StartupMessage.Begin(writer, version);
        foreach ((string name, string value) in parameters) StartupMessage.WriteParameter(writer, Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        StartupMessage.End(writer);
    });
}
