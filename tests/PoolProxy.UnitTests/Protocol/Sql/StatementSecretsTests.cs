using System.Text;
using PoolProxy.Protocol.Sql;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Sql;

public sealed class StatementSecretsTests
{
    [Theory]
    [InlineData("ALTER ROLE alice PASSWORD 'hush' VALID UNTIL '2027-01-01'", "ALTER ROLE alice PASSWORD '***' VALID UNTIL '***'")]
    [InlineData("create user bob with encrypted password 'hu''sh'", "create user bob with encrypted password '***'")]
    [InlineData("ALTER ROLE alice PASSWORD E'hu\\'sh' NOLOGIN", "ALTER ROLE alice PASSWORD E'***'")]
    [InlineData("ALTER ROLE alice PASSWORD 'hu\\' CREATEDB --'sh'", "ALTER ROLE alice PASSWORD '***'")]
    [InlineData("ALTER ROLE alice PASSWORD $$hush$$", "ALTER ROLE alice PASSWORD '***'")]
    [InlineData("ALTER ROLE alice PASSWORD $x$hu$$sh$x$;", "ALTER ROLE alice PASSWORD '***';")]
    [InlineData("ALTER ROLE alice PASSWORD U&'hush'", "ALTER ROLE alice PASSWORD U&'***'")]
    [InlineData("/* it's */ ALTER ROLE alice PASSWORD 'hush'", "/* it's */ ALTER ROLE alice PASSWORD '***'")]
    [InlineData("-- it's\nALTER ROLE alice PASSWORD 'hush'", "-- it's\nALTER ROLE alice PASSWORD '***'")]
    [InlineData("ALTER ROLE \"o'hara\" PASSWORD 'hush'", "ALTER ROLE \"o'hara\" PASSWORD '***'")]
    [InlineData("/* /* ' */ ALTER ROLE alice PASSWORD 'hush'", "'***'")]
    [InlineData("ALTER ROLE alice PASSWORD 'hush", "ALTER ROLE alice PASSWORD '***'")]
    [InlineData("ALTER ROLE alice PASSWORD $x$hush", "ALTER ROLE alice PASSWORD '***'")]
    [InlineData("SET poolproxy.token = 'eyJhbGciOi'", "SET poolproxy.token = '***'")]
    [InlineData("select set_config('poolproxy.token', 'hush', false)", "select set_config('***', '***', false)")]
    [InlineData("select check_jwt('eyJhbGciOiJIUzI1NiJ9.hush')", "select check_jwt('***')")]
    [InlineData("select dblink_connect('host=x PassWord=hush')", "select dblink_connect('***')")]
    [InlineData("insert into t values ('hush'); alter role a password 'hush'", "insert into t values ('***'); alter role a password '***'")]
    public void Literals_of_a_text_that_speaks_of_secrets_are_taken_out(string text, string expected)
    {
        Assert.True(StatementSecrets.MayHold(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(expected, Redact(text));
        Assert.DoesNotContain("hush", expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("select 'a' from t where id = 7")]
    [InlineData("pass word p s t e")]
    [InlineData("")]
    public void Other_texts_hold_none(string text) => Assert.False(StatementSecrets.MayHold(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void In_an_encoding_that_cannot_be_read_nothing_follows_the_first_literal() =>
        Assert.Equal("ALTER ROLE a PASSWORD '***'", Encoding.UTF8.GetString(RedactBytes("ALTER ROLE a PASSWORD 'x' VALID UNTIL 'y'", 100, isReadable: false)));

    [Fact]
    public void What_there_is_no_room_for_is_left_out()
    {
        const string Text = "ALTER ROLE alice PASSWORD 'hush' VALID UNTIL 'x'";
        for (var room = 0; room < Text.Length; room++)
        {
            var redacted = Encoding.UTF8.GetString(RedactBytes(Text, room, isReadable: true));
            Assert.Equal(Math.Min(room, redacted.Length), redacted.Length);
            Assert.StartsWith(redacted, "ALTER ROLE alice PASSWORD '***' VALID UNTIL '***'", StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_secret_stays_out_wherever_it_stands()
    {
        // Comments, names and literals in every order, with the signs of one another inside.
        string[] pieces = ["'a'", "E'a'", "$$'$$", "$x$ $$ '$x$", "\"'\"", "--'\n", "/*'*/", "/*/*'*/*/", " ", "1", "$1", "x$y", "''''"];
        foreach (var first in pieces)
            foreach (var second in pieces)
                foreach (var third in pieces)
                {
                    var text = $"{first} {second} {third} password 'hush'";
                    Assert.DoesNotContain("hush", Redact(text), StringComparison.Ordinal);
                }
    }

    private static string Redact(string text) => Encoding.UTF8.GetString(RedactBytes(text, 4096, isReadable: true));

    private static byte[] RedactBytes(string text, int room, bool isReadable)
    {
        var destination = new byte[room];
        return destination[..StatementSecrets.Redact(Encoding.UTF8.GetBytes(text), destination, isReadable)];
    }
}
