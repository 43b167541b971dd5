using System.Text;
using PoolProxy.Protocol.Errors;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;
using PoolProxy.UnitTests.Protocol.Messages;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Errors;

public sealed class ErrorFieldsTests
{
    [Fact]
    public void ErrorResponse_is_written_in_PostgreSQLs_order() =>
        Assert.Equal(
            "SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed\0DWhy.\0HDo.\0\0"u8,
            Written.Body(BackendType.ErrorResponse, writer => ErrorResponse.Write(writer, Severity.Fatal, SqlState.InvalidPassword, "password authentication failed", "Why.", "Do.")));

    [Fact]
    public void Absent_fields_are_left_out() =>
        Assert.Equal(
            "SNOTICE\0VNOTICE\0C00000\0Mhello\0\0"u8,
            Written.Body(BackendType.NoticeResponse, writer => NoticeResponse.Write(writer, Severity.Notice, SqlState.SuccessfulCompletion, "hello")));

    [Fact]
    public void A_NUL_in_a_text_does_not_end_it()
    {
        byte[] body = Written.Body(BackendType.ErrorResponse, writer => ErrorResponse.Write(writer, Severity.Error, SqlState.ProtocolViolation, "a\0CXX000"));
        Assert.True(ErrorFields.TryRead(body, out ErrorFields fields));
        Assert.Equal("a CXX000"u8, fields.Message);
        Assert.True(fields.Is(SqlState.ProtocolViolation));
    }

    [Fact]
    public void Every_field_is_read()
    {
        Assert.True(ErrorFields.TryRead("SERREUR\0VERROR\0C0A000\0Mcached plan\0DD\0HH\0P5\0Fplancache.c\0L1\0RRevalidateCachedQuery\0zunknown\0\0"u8, out ErrorFields fields));
        Assert.Equal(Severity.Error, fields.Severity);
        Assert.False(fields.IsFatal);
        Assert.True(fields.Is(SqlState.FeatureNotSupported));
        Assert.Equal("cached plan"u8, fields.Message);
        Assert.Equal("D"u8, fields.Detail);
        Assert.Equal("H"u8, fields.Hint);
        Assert.Equal("RevalidateCachedQuery"u8, fields.Routine);
    }

    // CVE-2026-6666: a server that sends no SQLSTATE must not take the reader down.
    [Theory]
    [InlineData("SFATAL\0Mgone\0\0")]
    [InlineData("SFATAL\0C\0Mgone\0\0")]
    [InlineData("SFATAL\0C28\0Mgone\0\0")]
    [InlineData("SFATAL\0C28P011\0Mgone\0\0")]
    public void A_missing_or_crooked_SQLSTATE_reads_as_none(string body)
    {
        Assert.True(ErrorFields.TryRead(Encoding.ASCII.GetBytes(body), out ErrorFields fields));
        Assert.True(fields.Code.IsEmpty);
        Assert.False(fields.Is(SqlState.InvalidPassword));
        Assert.True(fields.IsFatal);
        Assert.Equal("gone"u8, fields.Message);
    }

    [Theory]
    [InlineData("", Severity.None)]
    [InlineData("SFATAL\0", Severity.Fatal)]
    [InlineData("SFATAL\0Mgone", Severity.Fatal)]
    [InlineData("SFATAL", Severity.None)]
    public void What_stands_before_a_missing_terminator_is_read(string body, Severity severity)
    {
        Assert.False(ErrorFields.TryRead(Encoding.ASCII.GetBytes(body), out ErrorFields fields));
        Assert.Equal(severity, fields.Severity);
        Assert.True(fields.Message.IsEmpty);
    }

    [Fact]
    public void The_number_of_fields_is_bounded()
    {
        Assert.True(ErrorFields.TryRead(Fields(ErrorFields.MaxFields), out _));
        Assert.False(ErrorFields.TryRead(Fields(ErrorFields.MaxFields + 1), out ErrorFields fields));
        Assert.Equal("x63"u8, fields.Message);
    }

    [Fact]
    public void Every_severity_has_its_word()
    {
        foreach (Severity severity in Enum.GetValues<Severity>()) Assert.Equal(severity, SeverityText.Parse(SeverityText.Of(severity)));
        Assert.Equal(Severity.None, SeverityText.Parse("error"u8));
    }

    private static byte[] Fields(int count) =>
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, count).Select(i => $"Mx{i}\0")) + "\0");
}
