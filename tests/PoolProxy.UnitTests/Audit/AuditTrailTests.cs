using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Audit;
using PoolProxy.Core.Telemetry;
using PoolProxy.UnitTests.Telemetry;
using Xunit;

namespace PoolProxy.UnitTests.Audit;

public sealed class AuditTrailTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private static readonly LoginAttempt Whole = new()
    {
        Address = "10.0.0.7:5000",
        Outcome = LoginOutcome.Accepted,
        Duration = TimeSpan.FromMilliseconds(1.5),
        Method = "jwt",
        Tls = "TLSv1.3/TLS_AES_256_GCM_SHA384",
        User = "alice",
        Database = "app",
        Issuer = "corp",
        Subject = "u-1",
        TokenId = "j-1",
        Role = "app_read",
        Rule = 2,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("pp-audit").FullName;

    private string AuditFile => Path.Combine(_folder, "audit.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_accepted_login_is_one_line_with_all_its_fields()
    {
        using var trail = Make(new AuditSettings { File = AuditFile });
        trail.Record(Whole);
        Assert.True(trail.Flush(Deadline));
        Assert.StartsWith(
            """{"time":"2026-11-21T01:02:03.456Z","event":"login","outcome":"accepted","address":"10.0.0.7:5000","method":"jwt","tls":"TLSv1.3/TLS_AES_256_GCM_SHA384","user":"alice","database":"app","issuer":"corp","subject":"u-1","jti":"j-1","role":"app_read","rule":2,"duration_ms":1.5,"seq":2,""",
            File.ReadAllLines(AuditFile)[^1],
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_login_says_why_and_leaves_out_what_was_not_learnt()
    {
        var line = AuditLine.Login(FixedTime.Instance.GetUtcNow(), new LoginAttempt
        {
            Address = "unix:1000",
            Outcome = LoginOutcome.Refused,
            Reason = "expired",
            Duration = TimeSpan.Zero,
        });
        Assert.Equal(
            """{"time":"2026-11-21T01:02:03.456Z","event":"login","outcome":"refused","reason":"expired","address":"unix:1000","duration_ms":0}""" + "\n",
            Encoding.UTF8.GetString(line));
    }

    [Fact]
    public void A_hostile_name_stays_inside_its_field_and_the_line_stays_one()
    {
        var user = "x\",\"outcome\":\"accepted\"\n\r\u2028\0\u001b[2Jé\ud800" + new string('y', 10_000);
        var line = AuditLine.Login(FixedTime.Instance.GetUtcNow(), Whole with { User = user, Outcome = LoginOutcome.Refused });
        Assert.Equal(line.Length - 1, Array.IndexOf(line, (byte)'\n'));
        Assert.All(line.AsSpan(0, line.Length - 1).ToArray(), character => Assert.InRange(character, (byte)0x20, (byte)0x7e));
        using var json = JsonDocument.Parse(line.AsMemory(0, line.Length - 1));
        Assert.Equal("refused", json.RootElement.GetProperty("outcome").GetString());
        Assert.Equal(AuditLine.MaxTextChars, json.RootElement.GetProperty("user").GetString()!.Length);
    }

    [Fact]
    public void Every_field_of_text_is_bounded()
    {
        var attempt = Whole;
        object boxed = attempt;
        var texts = typeof(LoginAttempt).GetProperties().Where(property => property.PropertyType == typeof(string)).ToList();
        texts.ForEach(property => property.SetValue(boxed, new string('\u20ac', 100_000)));
        var line = AuditLine.Login(FixedTime.Instance.GetUtcNow(), (LoginAttempt)boxed);
        Assert.InRange(line.Length, 1, 512 + texts.Count * AuditLine.MaxTextChars * 6);
    }

    [Fact]
    public void An_attempt_has_no_field_that_could_carry_a_token() =>
        Assert.Equal(
            ["Address", "Database", "Duration", "IsRenewal", "Issuer", "Method", "Outcome", "Reason", "Role", "Rule", "Subject", "Tls", "TokenId", "User"],
            typeof(LoginAttempt).GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Above_its_queue_records_are_dropped_and_the_loss_becomes_a_line()
    {
        var stream = new GatedStream();
        stream.Gate.Reset();
        using var trail = Make(new AuditSettings { File = "gated", QueueSize = 16 }, stream);
        trail.Record(Whole);
        Assert.True(stream.Reached.Wait(Deadline));
        for (var i = 0; i < 20; i++)
            trail.Record(Whole);
        Assert.Equal(4, trail.DroppedCount);
        stream.Gate.Set();
        Assert.True(trail.Flush(Deadline));
        Assert.Equal(19, stream.Lines.Length);
        Assert.StartsWith("""{"time":"2026-11-21T01:02:03.456Z","event":"records_lost","count":4,"seq":19,""", stream.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Off_writes_nothing()
    {
        using var trail = Make(new AuditSettings());
        trail.Record(Whole);
        Assert.True(trail.Flush(Deadline));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_reload_turns_it_on_moves_it_and_lets_a_rotated_file_go()
    {
        using var trail = Make(new AuditSettings());
        trail.Apply(new AuditSettings { File = AuditFile });
        trail.Record(Whole);
        Assert.True(trail.Flush(Deadline));
        File.Move(AuditFile, AuditFile + ".1");
        trail.Apply(new AuditSettings { File = AuditFile });
        trail.Record(Whole);
        Assert.True(trail.Flush(Deadline));
        trail.Apply(new AuditSettings { File = AuditFile + ".other", QueueSize = 32 });
        trail.Record(Whole);
        Assert.True(trail.Flush(Deadline));
        Assert.All(["", ".1", ".other"], suffix => Assert.Single(File.ReadAllLines(AuditFile + suffix), line => line.Contains("\"login\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Shutdown_writes_what_is_queued()
    {
        var trail = Make(new AuditSettings { File = AuditFile });
        for (var i = 0; i < 500; i++)
            trail.Record(Whole);
        trail.Dispose();
        Assert.Equal(501, File.ReadAllLines(AuditFile).Length);
    }

    private static AuditTrail Make(AuditSettings settings, Stream? stream = null) => new(
        settings,
        FixedTime.Instance,
        NullLogger.Instance,
        stream is null ? null : file => new LineTarget(file, () => stream));
}
