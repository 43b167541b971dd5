using System.Buffers.Binary;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using PoolProxy.Core.Errors;
using PoolProxy.Protocol.Errors;
using Xunit;

namespace PoolProxy.UnitTests.Errors;

public sealed partial class ProxyErrorsTests
{
    [Fact]
    public void An_error_is_written_byte_for_byte_as_the_protocol_says()
    {
        var wire = ConsoleErrors.AdminAccessNeeded.Wire.ToArray();
        var fields = "SERROR\0VERROR\0C42501\0Madmin access needed\0\0"u8;
        Assert.Equal((byte)'E', wire[0]);
        Assert.Equal(4 + fields.Length, BinaryPrimitives.ReadInt32BigEndian(wire.AsSpan(1)));
        Assert.True(fields.SequenceEqual(wire.AsSpan(5)));
    }

    [Fact]
    public void A_notice_is_a_NoticeResponse() => Assert.Equal((byte)'N', ProxyErrors.WaitNotice.Wire.Span[0]);

    [Fact]
    public void Detail_and_hint_follow_the_message()
    {
        var text = Encoding.UTF8.GetString(ProxyErrors.QueryWaitTimeout.Wire.Span[5..]);
        Assert.Matches("Mquery_wait_timeout\0D[^\0]+\0H[^\0]+\0\0$", text);
    }

    [Theory]
    [InlineData("x\0y", "x?y")]
    [InlineData("na\"me", "na\"me")]
    [InlineData("élève", "élève")]
    public void A_hostile_name_cannot_end_its_field(string name, string shown)
    {
        var error = ProxyErrors.UnknownStatement(name);
        Assert.Equal($"prepared statement \"{shown}\" does not exist", error.Message);
        Assert.Equal(4, SplitFields(error).Count);
    }

    [Fact]
    public void A_long_name_is_cut_and_never_inside_a_surrogate_pair()
    {
        for (var shift = 0; shift < 2; shift++)
        {
            var name = new string('x', shift) + string.Concat(Enumerable.Repeat("\U0001F418", 200));
            var message = ProxyErrors.UnknownStatement(name).Message;
            Assert.True(message.Length < 200);
            Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(message)));
        }
    }

    [Fact]
    public void Writing_into_too_little_room_writes_nothing()
    {
        var error = ProxyErrors.TooManyClients;
        var room = new byte[error.Wire.Length];
        Assert.False(error.TryWrite(room.AsSpan(1), out var written));
        Assert.Equal(0, written);
        Assert.True(error.TryWrite(room, out written));
        Assert.Equal(room.Length, written);
    }

    [Fact]
    public void A_refused_login_says_the_same_whatever_the_cause() =>
        Assert.Equal(
            "FATAL 28P01: password authentication failed for user \"mallory\"",
            LoginErrors.LoginRefused("mallory").ToString());

    [Fact]
    public void AsFatal_keeps_everything_but_the_severity()
    {
        var fatal = ProxyErrors.RoleChangeRefused.AsFatal();
        Assert.True(fatal.IsFatal);
        Assert.Equal(ProxyErrors.RoleChangeRefused.Hint, fatal.Hint);
        Assert.Same(LoginErrors.TlsRequired, LoginErrors.TlsRequired.AsFatal());
    }

    public static TheoryData<string> Entries()
    {
        var data = new TheoryData<string>();
        foreach (var name in All().Select(entry => entry.Name))
            data.Add(name);
        return data;
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void Every_entry_has_a_code_and_keeps_the_manner_of_PostgreSQL(string name)
    {
        var error = All().First(entry => entry.Name == name).Error;
        Assert.Matches("^[0-9A-Z]{5}$", error.SqlState);
        Assert.DoesNotMatch(@"\.$", error.Message);
        if (error.Severity is Severity.Error or Severity.Fatal)
            Assert.NotEqual("00000", error.SqlState);
        foreach (var sentence in new[] { error.Detail, error.Hint }.OfType<string>())
            Assert.Matches(@"^\S.*\.$", sentence);
        Assert.All(SplitFields(error), field => Assert.NotEmpty(field[1..]));
    }

    private static List<string> SplitFields(ProxyError error)
    {
        var text = Encoding.UTF8.GetString(error.Wire.Span[5..]);
        Assert.EndsWith("\0\0", text, StringComparison.Ordinal);
        return [.. text[..^2].Split('\0')];
    }

    // The fixed entries by their properties, the others by calling each method with values of its parameters' types.
    private static List<(string Name, ProxyError Error)> All()
    {
        var entries = new List<(string, ProxyError)>();
        const BindingFlags Flags = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly;
        Type[] catalogues = [typeof(ProxyErrors), typeof(LoginErrors), typeof(ConsoleErrors), typeof(RuleErrors)];
        foreach (var property in catalogues.SelectMany(catalogue => catalogue.GetProperties(Flags)))
            entries.Add((property.Name, (ProxyError)property.GetValue(null)!));
        foreach (var method in catalogues.SelectMany(catalogue => catalogue.GetMethods(Flags)).Where(method => !method.IsSpecialName))
        {
            if (method.Name == nameof(ProxyErrors.BadMessageHeader))
                entries.Add((method.Name, ProxyErrors.BadMessageHeader([0x50, 0, 0, 0, 3, 1, 2, 3, 4])));
            else
                entries.Add((method.Name, (ProxyError)method.Invoke(null, [.. method.GetParameters().Select(Sample)])!));
        }

        return entries;
    }

    private static object Sample(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type == typeof(string) => SentenceParameter().IsMatch(parameter.Name!) ? "A fact." : "it",
        var type when type == typeof(int) => 3,
        var type when type == typeof(long) => 3L,
        var type when type == typeof(byte) => (byte)'?',
        var type => throw new InvalidOperationException($"no sample of {type}"),
    };

    [GeneratedRegex("bound|faults|hint|commands")]
    private static partial Regex SentenceParameter();
}
