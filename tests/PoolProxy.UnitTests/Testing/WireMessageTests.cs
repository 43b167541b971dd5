using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.UnitTests.Testing;

public sealed class WireMessageTests
{
    public static TheoryData<Side, string> Notations => new()
    {
        { Side.Frontend, "Query \"SELECT 1\"" },
        { Side.Frontend, "Query \"a\\\"b\\\\c\\n\\xc3\\xa9\"" },
        { Side.Frontend, "Parse \"s1\" \"SELECT $1\" (23 25)" },
        { Side.Frontend, "Bind \"\" \"s1\" (1) (\"\\x00\\x01\" null \"\") (0)" },
        { Side.Frontend, "Describe S \"s1\"" },
        { Side.Frontend, "Execute \"\" 10" },
        { Side.Frontend, "Close P \"\"" },
        { Side.Frontend, "Sync" },
        { Side.Frontend, "Flush" },
        { Side.Frontend, "CopyData \"1\\x092\\n\"" },
        { Side.Frontend, "CopyFail \"enough\"" },
        { Side.Frontend, "FunctionCall 42 (1) (\"x\") 1" },
        { Side.Frontend, "SASLInitialResponse \"SCRAM-SHA-256\" \"n,,n=,r=abc\"" },
        { Side.Frontend, "PasswordMessage \"secret\"" },
        { Side.Frontend, "Terminate" },
        { Side.Backend, "AuthenticationOk" },
        { Side.Backend, "AuthenticationMD5Password \"\\x01\\x02\\x03\\x04\"" },
        { Side.Backend, "AuthenticationSASL (\"SCRAM-SHA-256-PLUS\" \"SCRAM-SHA-256\")" },
        { Side.Backend, "BackendKeyData 77 \"\\x00\\x01\\x02\\x03\"" },
        { Side.Backend, "CommandComplete \"SELECT 1\"" },
        { Side.Backend, "CopyInResponse 0 (0 0)" },
        { Side.Backend, "DataRow (\"1\" null)" },
        { Side.Backend, "ErrorResponse S=\"ERROR\" V=\"ERROR\" C=\"42601\" M=\"syntax error\"" },
        { Side.Backend, "NegotiateProtocolVersion 196608 (\"_pq_.x\")" },
        { Side.Backend, "NotificationResponse 12 \"channel\" \"payload\"" },
        { Side.Backend, "ParameterDescription (23)" },
        { Side.Backend, "ParameterStatus \"TimeZone\" \"UTC\"" },
        { Side.Backend, "ReadyForQuery T" },
        { Side.Backend, "RowDescription ((\"?column?\" 0 0 23 4 -1 0) (\"b\" 1 2 25 -1 -1 1))" },
    };

    [Theory]
    [MemberData(nameof(Notations))]
    public void A_message_made_of_its_notation_prints_as_it(Side side, string notation) =>
        Assert.Equal(notation, WireMessage.Parse(side, notation).ToString());

    [Fact]
    public void A_message_has_a_header_that_counts_its_length() =>
        Assert.Equal("510000000D53454C4543542031"u8.ToArray(), System.Text.Encoding.ASCII.GetBytes(Convert.ToHexString(WireMessage.Frontend("Query \"SELECT 1\"").Bytes.Span))[..26]);

    [Fact]
    public void Bytes_that_fit_no_message_print_as_unknown() =>
        Assert.Equal("Unknown(Z) \"\\x01\\x02\"", WireMessage.FromBytes(Side.Backend, [(byte)'Z', 0, 0, 0, 6, 1, 2]).ToString());

    [Fact]
    public void A_name_of_the_other_side_is_refused() =>
        Assert.Throws<FormatException>(() => WireMessage.Frontend("ReadyForQuery I"));
}
