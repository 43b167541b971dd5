using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PoolProxy.Protocol.Errors;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Messages;

public sealed class BackendMessageTests
{
    [Fact]
    public void Authentication_requests_come_back()
    {
        AssertAuthentication(AuthenticationKind.Ok, "", AuthenticationOk.Write);
        AssertAuthentication(AuthenticationKind.CleartextPassword, "", AuthenticationCleartextPassword.Write);
        AssertAuthentication(AuthenticationKind.MD5Password, "salt", writer => AuthenticationMD5Password.Write(writer, "salt"u8));
        AssertAuthentication(AuthenticationKind.SASL, "A\0B\0\0", writer => AuthenticationSASL.Write(writer, "A", "B"));
        AssertAuthentication(AuthenticationKind.SASLContinue, "r=x", writer => AuthenticationSASLContinue.Write(writer, "r=x"u8));
        AssertAuthentication(AuthenticationKind.SASLFinal, "v=x", writer => AuthenticationSASLFinal.Write(writer, "v=x"u8));
    }

    [Fact]
    public void A_mechanism_is_offered_only_by_its_whole_name()
    {
        byte[] body = Written.Body(BackendType.Authentication, writer => AuthenticationSASL.Write(writer, "SCRAM-SHA-256-PLUS", "OAUTHBEARER"));
        Assert.True(AuthenticationRequest.TryRead(body, out AuthenticationRequest message));
        Assert.True(message.OffersMechanism("OAUTHBEARER"u8));
        Assert.False(message.OffersMechanism("SCRAM-SHA-256"u8));
        Assert.False(message.OffersMechanism(""u8));
    }

    [Theory]
    [InlineData("\0\0\0")]
    [InlineData("\0\0\0\0x")]
    [InlineData("\0\0\0\u0003x")]
    [InlineData("\0\0\0\u0005sal")]
    [InlineData("\0\0\0\u0005salty")]
    [InlineData("\0\0\0\u000a")]
    [InlineData("\0\0\0\u000aSCRAM-SHA-256")]
    [InlineData("\0\0\0\u000aSCRAM-SHA-256\0")]
    [InlineData("\0\0\0\u000aSCRAM-SHA-256\0\0x")]
    public void An_authentication_request_of_another_length_is_refused(string body) =>
        Assert.False(AuthenticationRequest.TryRead(Encoding.Latin1.GetBytes(body), out _));

    [Fact]
    public void An_authentication_request_unknown_here_keeps_its_number()
    {
        Assert.True(AuthenticationRequest.TryRead([0, 0, 0, 99, 1], out AuthenticationRequest message));
        Assert.Equal(99, (int)message.Kind);
    }

    [Fact]
    public void Names_and_values_come_back() => Prop.ForAll(Strings.Any, Strings.Any, ArbMap.Default.ArbFor<int>(), (name, value, id) =>
        ParameterStatus.TryRead(Written.Body(BackendType.ParameterStatus, writer => ParameterStatus.Write(writer, name, value)), out ParameterStatus status)
            && status.Name.SequenceEqual(name) && status.Value.SequenceEqual(value)
            && NotificationResponse.TryRead(Written.Body(BackendType.NotificationResponse, writer => NotificationResponse.Write(writer, id, name, value)), out NotificationResponse notification)
            && notification.ProcessId == id && notification.Channel.SequenceEqual(name) && notification.Payload.SequenceEqual(value)
            && CommandComplete.TryRead(Written.Body(BackendType.CommandComplete, writer => CommandComplete.Write(writer, name)), out CommandComplete complete)
            && complete.Tag.SequenceEqual(name)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void A_key_has_4_to_256_bytes(int keyLength, bool accepted)
    {
        byte[] key = [.. Enumerable.Range(0, keyLength).Select(i => (byte)i)];
        Assert.Equal(accepted, BackendKeyData.TryRead([0, 0, 1, 0, .. key], out BackendKeyData message));
        if (!accepted)
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Written.Bytes(writer => BackendKeyData.Write(writer, 256, key)));
            return;
        }

        Assert.Equal(256, message.ProcessId);
        Assert.Equal(key, message.Key);
        Assert.Equal([0, 0, 1, 0, .. key], Written.Body(BackendType.BackendKeyData, writer => BackendKeyData.Write(writer, 256, key)));
    }

    [Theory]
    [InlineData(TransactionStatus.Idle)]
    [InlineData(TransactionStatus.InTransaction)]
    [InlineData(TransactionStatus.Failed)]
    public void ReadyForQuery_comes_back(TransactionStatus status)
    {
        Assert.True(ReadyForQuery.TryRead(Written.Body(BackendType.ReadyForQuery, writer => ReadyForQuery.Write(writer, status)), out ReadyForQuery message));
        Assert.Equal(status, message.Status);
    }

    [Fact]
    public void ReadyForQuery_has_one_of_three_letters()
    {
        Assert.False(ReadyForQuery.TryRead("X"u8, out _));
        Assert.False(ReadyForQuery.TryRead(""u8, out _));
        Assert.False(ReadyForQuery.TryRead("II"u8, out _));
        Assert.Equal(ReadyForQuery.IdleBytes, Written.Bytes(writer => ReadyForQuery.Write(writer, TransactionStatus.Idle)));
    }

    [Fact]
    public void RowDescription_describes_text_columns_byte_for_byte()
    {
        byte[] body = Written.Body(BackendType.RowDescription, writer => RowDescription.Write(writer, new Column("a"), new Column("bc", TypeOid.Int8), new Column("d", TypeOid.Int4)));
        Assert.Equal(
            [
                0, 3,
                (byte)'a', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 255, 255, 255, 255, 255, 255, 0, 0,
                (byte)'b', (byte)'c', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 8, 255, 255, 255, 255, 0, 0,
                (byte)'d', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 23, 0, 4, 255, 255, 255, 255, 0, 0,
            ],
            body);
        Assert.True(RowDescription.TryRead(body, out RowDescription message));
        var read = new List<(string, int)>();
        foreach (ColumnField column in message) read.Add((Encoding.UTF8.GetString(column.Name), column.Type));
        Assert.Equal([("a", 25), ("bc", 20), ("d", 23)], read);
        for (int length = 0; length < body.Length; length++) Assert.False(RowDescription.TryRead(body.AsSpan(0, length), out _));
        Assert.False(RowDescription.TryRead([255, 255], out _));
    }

    [Fact]
    public void DataRow_comes_back() => Prop.ForAll(ArbMap.Default.ArbFor<string[]>(), values =>
    {
        byte[] body = Written.Body(BackendType.DataRow, writer => DataRow.Write(writer, values));
        if (!DataRow.TryRead(body, out DataRow row) || row.Count != values.Length) return false;
        for (int i = 0; i < values.Length; i++)
        {
            bool hasValue = row.TryGetValue(i, out ReadOnlySpan<byte> value);
            if (hasValue != (values[i] is not null)) return false;
            if (hasValue && !value.SequenceEqual(Encoding.UTF8.GetBytes(values[i]))) return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void DataRow_writes_whole_numbers_as_text()
    {
        byte[] body = Written.Body(BackendType.DataRow, writer =>
        {
            DataRow.Begin(writer, 2);
            DataRow.WriteValue(writer, long.MinValue);
            DataRow.WriteValue(writer, "raw"u8);
            DataRow.End(writer);
        });
        Assert.True(DataRow.TryRead(body, out DataRow row));
        row.TryGetValue(0, out ReadOnlySpan<byte> number);
        row.TryGetValue(1, out ReadOnlySpan<byte> raw);
        Assert.Equal("-9223372036854775808"u8, number);
        Assert.Equal("raw"u8, raw);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void A_value_of_another_length_than_stated_is_refused(int stated) =>
        Assert.False(DataRow.TryRead([0, 1, (byte)(stated >> 24), (byte)(stated >> 16), (byte)(stated >> 8), (byte)stated, 1, 2], out _));

    [Fact]
    public void A_row_with_fewer_or_more_values_than_stated_is_refused()
    {
        Assert.False(DataRow.TryRead([0, 1], out _));
        Assert.False(DataRow.TryRead([255, 255], out _));
        Assert.False(DataRow.TryRead([0, 0, 1], out _));
        Assert.True(DataRow.TryRead([0, 1, 255, 255, 255, 255], out DataRow row));
        Assert.False(row.TryGetValue(0, out _));
    }

    [Theory]
    [InlineData("\0\u0003\0\u0002\u00ff\u00ff\u00ff\u00ff")]
    [InlineData("\0\u0003\0\u0002\u007f\u00ff\u00ff\u00ffx\0")]
    [InlineData("\0\u0003\0\u0002\0\0\0\u0002x\0")]
    [InlineData("\0\u0003\0\u0002\0\0\0\u0001x")]
    [InlineData("\0\u0003\0\u0002\0\0\0\u0001x\0y")]
    [InlineData("\0\u0003\0\u0002")]
    public void A_negotiation_whose_count_is_not_that_of_its_names_is_refused(string body) =>
        Assert.False(NegotiateProtocolVersion.TryRead(Encoding.Latin1.GetBytes(body), out _));

    [Fact]
    public void ParameterDescription_comes_back()
    {
        byte[] body = Written.Body(BackendType.ParameterDescription, writer => ParameterDescription.Write(writer, 25, 23));
        Assert.True(ParameterDescription.TryRead(body, out ParameterDescription message));
        Assert.Equal([0, 0, 0, 25, 0, 0, 0, 23], message.Types.ToArray());
        Assert.False(ParameterDescription.TryRead(body.AsSpan(0, body.Length - 1), out _));
    }

    [Fact]
    public void Messages_without_a_body_are_five_bytes()
    {
        Assert.Equal("1\0\0\0\u0004"u8, ParseComplete.Bytes);
        Assert.Equal("2\0\0\0\u0004"u8, BindComplete.Bytes);
        Assert.Equal("3\0\0\0\u0004"u8, CloseComplete.Bytes);
        Assert.Equal("n\0\0\0\u0004"u8, NoData.Bytes);
        Assert.Equal("I\0\0\0\u0004"u8, EmptyQueryResponse.Bytes);
        Assert.Equal("s\0\0\0\u0004"u8, PortalSuspended.Bytes);
    }

    [Fact]
    public void No_bytes_make_a_reader_throw() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
    {
        AuthenticationRequest.TryRead(bytes, out _);
        ParameterStatus.TryRead(bytes, out _);
        BackendKeyData.TryRead(bytes, out _);
        NegotiateProtocolVersion.TryRead(bytes, out _);
        ReadyForQuery.TryRead(bytes, out _);
        CommandComplete.TryRead(bytes, out _);
        NotificationResponse.TryRead(bytes, out _);
        RowDescription.TryRead(bytes, out _);
        DataRow.TryRead(bytes, out _);
        ParameterDescription.TryRead(bytes, out _);
        ErrorFields.TryRead(bytes, out _);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static void AssertAuthentication(AuthenticationKind kind, string data, Action<MessageWriter> write)
    {
        Assert.True(AuthenticationRequest.TryRead(Written.Body(BackendType.Authentication, write), out AuthenticationRequest message));
        Assert.Equal(kind, message.Kind);
        Assert.Equal(data, Encoding.Latin1.GetString(message.Data));
    }
}
