using FsCheck;
using FsCheck.Fluent;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Messages;

public sealed class FrontendMessageTests
{
    [Fact]
    public void Query_comes_back() => Prop.ForAll(Strings.Any, text =>
        Query.TryRead(Written.Body(FrontendType.Query, writer => Query.Write(writer, text)), out Query message) && message.Text.SequenceEqual(text)).QuickCheckThrowOnFailure();

    [Fact]
    public void Parse_comes_back() => Prop.ForAll(Strings.Any, Strings.Any, ArbMap.Default.ArbFor<int[]>(), (name, text, types) =>
        Parse.TryRead(Written.Body(FrontendType.Parse, writer => Parse.Write(writer, name, text, types)), out Parse message)
            && message.StatementName.SequenceEqual(name) && message.QueryText.SequenceEqual(text) && message.ParameterTypes.Length == types.Length * 4).QuickCheckThrowOnFailure();

    [Fact]
    public void Bind_comes_back() => Prop.ForAll(Strings.Any, Strings.Any, ArbMap.Default.ArbFor<byte[][]>(), (portal, statement, values) =>
    {
        byte[] body = Written.Body(FrontendType.Bind, writer => Bind.Write(writer, portal, statement, values));
        return Bind.TryRead(body, out Bind message) && message.PortalName.SequenceEqual(portal) && message.StatementName.SequenceEqual(statement)
            && body.AsSpan(portal.Length + 1).StartsWith(message.StatementName) && message.Rest.Length == body.Length - portal.Length - statement.Length - 2;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Describe_Close_and_Execute_come_back() => Prop.ForAll(Strings.Any, ArbMap.Default.ArbFor<int>(), (name, maxRows) =>
        Describe.TryRead(Written.Body(FrontendType.Describe, writer => Describe.Write(writer, StatementOrPortal.Statement, name)), out Describe describe)
            && describe.Kind == StatementOrPortal.Statement && describe.Name.SequenceEqual(name)
            && Close.TryRead(Written.Body(FrontendType.Close, writer => Close.Write(writer, StatementOrPortal.Portal, name)), out Close close)
            && close.Kind == StatementOrPortal.Portal && close.Name.SequenceEqual(name)
            && Execute.TryRead(Written.Body(FrontendType.Execute, writer => Execute.Write(writer, name, maxRows)), out Execute execute)
            && execute.PortalName.SequenceEqual(name) && execute.MaxRows == maxRows).QuickCheckThrowOnFailure();

    [Fact]
    public void PasswordMessage_and_the_SASL_responses_come_back() => Prop.ForAll(Strings.Any, ArbMap.Default.ArbFor<byte[]>(), (text, data) =>
        PasswordMessage.TryRead(Written.Body(FrontendType.Password, writer => PasswordMessage.Write(writer, text)), out PasswordMessage password)
            && password.Password.SequenceEqual(text)
            && SASLInitialResponse.TryRead(Written.Body(FrontendType.Password, writer => SASLInitialResponse.Write(writer, text, data)), out SASLInitialResponse initial)
            && initial.Mechanism.SequenceEqual(text) && initial.HasResponse && initial.Response.SequenceEqual(data)
            && SASLResponse.TryRead(Written.Body(FrontendType.Password, writer => SASLResponse.Write(writer, data)), out SASLResponse response)
            && response.Data.SequenceEqual(data)).QuickCheckThrowOnFailure();

    [Fact]
    public void A_NULL_parameter_of_Bind_has_the_length_minus_one() =>
        Assert.Equal(
            "\0s\0\0\0\0\u0002"u8.ToArray().Concat(new byte[] { 255, 255, 255, 255, 0, 0, 0, 1, 120, 0, 0 }),
            Written.Body(FrontendType.Bind, writer => Bind.Write(writer, ""u8, "s"u8, [null, [120]])));

    [Fact]
    public void A_missing_terminator_is_refused()
    {
        Assert.False(Query.TryRead("SELECT 1"u8, out _));
        Assert.False(Query.TryRead([], out _));
        Assert.False(Query.TryRead("SELECT 1\0;\0"u8, out _));
        Assert.False(Parse.TryRead("s"u8, out _));
        Assert.False(Parse.TryRead("s\0SELECT 1"u8, out _));
        Assert.False(Parse.TryRead("s\0SELECT 1\0\0"u8, out _));
        Assert.False(Bind.TryRead("p"u8, out _));
        Assert.False(Bind.TryRead("p\0s"u8, out _));
        Assert.False(Describe.TryRead("Sname"u8, out _));
        Assert.False(Close.TryRead("Pname"u8, out _));
        Assert.False(Execute.TryRead("portal"u8, out _));
        Assert.False(Execute.TryRead("portal\0\0\0\0"u8, out _));
        Assert.False(PasswordMessage.TryRead("secret"u8, out _));
        Assert.False(SASLInitialResponse.TryRead("SCRAM-SHA-256"u8, out _));
    }

    [Fact]
    public void Bytes_behind_the_last_field_are_refused()
    {
        Assert.False(Parse.TryRead("s\0SELECT 1\0\0\0x"u8, out _));
        Assert.False(Describe.TryRead("Sname\0x"u8, out _));
        Assert.False(Close.TryRead("Pname\0x"u8, out _));
        Assert.False(Execute.TryRead("\0\0\0\0\0x"u8, out _));
        Assert.False(PasswordMessage.TryRead("secret\0x"u8, out _));
        Assert.False(SASLInitialResponse.TryRead("M\0\0\0\0\u0001ab"u8, out _));
    }

    [Fact]
    public void A_Parse_may_state_65_535_types_but_must_bring_them()
    {
        Assert.False(Parse.TryRead([0, 0, 255, 255, 0, 0, 0, 0], out _));
        Assert.True(Parse.TryRead([0, 0, 255, 255, .. new byte[65_535 * 4]], out Parse message));
        Assert.Equal(65_535 * 4, message.ParameterTypes.Length);
    }

    [Fact]
    public void Describe_and_Close_know_statements_and_portals_only()
    {
        Assert.False(Describe.TryRead("Xname\0"u8, out _));
        Assert.False(Close.TryRead("sname\0"u8, out _));
        Assert.False(Close.TryRead([], out _));
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void A_SASL_response_of_another_length_than_stated_is_refused(int stated) =>
        Assert.False(SASLInitialResponse.TryRead([(byte)'M', 0, (byte)(stated >> 24), (byte)(stated >> 16), (byte)(stated >> 8), (byte)stated, 1, 2], out _));

    [Fact]
    public void A_SASL_response_may_be_absent()
    {
        Assert.True(SASLInitialResponse.TryRead([(byte)'M', 0, 255, 255, 255, 255], out SASLInitialResponse message));
        Assert.False(message.HasResponse);
        Assert.False(SASLInitialResponse.TryRead([(byte)'M', 0, 255, 255, 255, 255, 1], out _));
    }

    [Fact]
    public void Messages_without_a_body_are_five_bytes()
    {
        Assert.Equal("S\0\0\0\u0004"u8, Written.Bytes(Sync.Write));
        Assert.Equal("H\0\0\0\u0004"u8, Written.Bytes(Flush.Write));
        Assert.Equal("X\0\0\0\u0004"u8, Written.Bytes(Terminate.Write));
        Assert.Equal("c\0\0\0\u0004"u8, Written.Bytes(CopyDone.Write));
        Assert.Equal("f\0\0\0\u0007no\0"u8, Written.Bytes(writer => CopyFail.Write(writer, "no"u8)));
    }

    [Fact]
    public void No_bytes_make_a_reader_throw() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
    {
        Query.TryRead(bytes, out _);
        Parse.TryRead(bytes, out _);
        Bind.TryRead(bytes, out _);
        Describe.TryRead(bytes, out _);
        Close.TryRead(bytes, out _);
        Execute.TryRead(bytes, out _);
        PasswordMessage.TryRead(bytes, out _);
        SASLInitialResponse.TryRead(bytes, out _);
        CancelRequest.TryRead(bytes, out _);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
}
