using PoolProxy.Configuration.Ini;
using Xunit;

namespace PoolProxy.UnitTests.Configuration.Ini;

public sealed class UserlistTests
{
    [Theory]
    [InlineData("\"alice\" \"secret\"", "alice=secret")]
    [InlineData("\"alice\" \"secret\"\r\n\"bob\"\t\"md5abc\"\n", "alice=secret|bob=md5abc")]
    [InlineData("  ; comment\n\n  \"alice\"   \"secret\" \"ignored\" and more\n", "alice=secret")]
    [InlineData("\"al\"\"ice\" \"se\"\"cr\"\"\"", "al\"ice=se\"cr\"")]
    [InlineData("\"alice\"\"\" \"\"", "alice\"=")]
    [InlineData("\"alice\"\"x\" \"one\"", "alice\"x=one")]
    [InlineData("\"alice\" \"first\"\n\"alice\" \"last\"", "alice=last")]
    [InlineData("\ufeff\"alice\" \"SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy\"", "alice=SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy")]
    [InlineData("\"é\" \"a\u2028b; \\n\"", "é=a\u2028b; \\n")]
    [InlineData("", "")]
    public void A_userlist_is_read(string text, string expected)
    {
        var result = UserlistReader.Read(text, "userlist.txt");
        Assert.Empty(result.Faults);
        Assert.Equal(expected, string.Join('|', result.Users.Select(user => $"{user.Key}={user.Value.Value}")));
    }

    [Theory]
    [InlineData("alice \"secret\"", 1, 1, "expected a user name in double quotes")]
    [InlineData("\"alice", 1, 1, "expected a user name in double quotes")]
    [InlineData("\n  \"alice\" secret", 2, 11, "expected a password in double quotes")]
    [InlineData("\"é\" \"secret", 1, 5, "expected a password in double quotes")]
    [InlineData("\"alice\"", 1, 8, "expected a password in double quotes")]
    [InlineData("\"\" \"secret\"", 1, 1, "the user name is empty")]
    [InlineData("\"0123456789012345678901234567890123456789012345678901234567890123\" \"x\"", 1, 1, "the name is too long")]
    [InlineData("\"alice\" \"a\0b\"", 1, 9, "the text has a NUL")]
    public void A_malformed_line_is_a_fault_and_the_others_are_read(string text, int line, int column, string message)
    {
        var result = UserlistReader.Read(text + "\n\"bob\" \"x\"", "userlist.txt");
        var fault = Assert.Single(result.Faults);
        Assert.Equal((line, column, message), (fault.Line, fault.Column, fault.Message));
        Assert.Equal(["bob"], result.Users.Keys);
    }

    [Fact]
    public void A_password_is_bounded_and_no_fault_quotes_it()
    {
        Assert.Empty(UserlistReader.Read($"\"a\" \"{new string('x', 2048)}\"", "f").Faults);
        Assert.DoesNotContain("xx", Assert.Single(UserlistReader.Read($"\"a\" \"{new string('x', 2049)}\"", "f").Faults).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_faults_is_bounded() =>
        Assert.Equal(UserlistReader.MaxFaults, UserlistReader.Read(string.Concat(Enumerable.Repeat("x\n", 1000)), "f").Faults.Count);
}
