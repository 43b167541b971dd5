using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Audit;
using PoolProxy.UnitTests.Telemetry;
using Xunit;

namespace PoolProxy.UnitTests.Audit;

public sealed class ChainTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private static readonly byte[] Key = Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef");

    private static readonly LoginAttempt Attempt = new() { Address = "a", Outcome = LoginOutcome.Accepted, Duration = TimeSpan.Zero };

    private readonly string _folder = Directory.CreateTempSubdirectory("pp-chain").FullName;

    private string Trail => Path.Combine(_folder, "audit.jsonl");

    private string KeyFile
    {
        get
        {
            var file = Path.Combine(_folder, "key");
            File.WriteAllBytes(file, [.. Key, (byte)'\n']);
            return file;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_trail_is_whole_and_its_head_is_told()
    {
        Record(3);
        var (verdict, said) = Verify();
        Assert.Equal(AuditVerdict.Whole, verdict);
        Assert.Contains("4 records, 1 to 4, from 2026-11-21T01:02:03.456Z to 2026-11-21T01:02:03.456Z", said, StringComparison.Ordinal);
        Assert.Contains("head 4:", said, StringComparison.Ordinal);
        Assert.Contains("\"event\":\"chain\",\"reason\":\"new\",\"algorithm\":\"sha256\"", File.ReadLines(Trail).First(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_changed_byte_is_found_wherever_it_is(bool isKeyed)
    {
        Record(3, isKeyed ? Key : null);
        var whole = File.ReadAllBytes(Trail);
        for (var i = 0; i < whole.Length; i++)
        {
            foreach (var bit in new byte[] { 0x01, 0x20 })
            {
                var changed = (byte[])whole.Clone();
                changed[i] ^= bit;
                using var verifier = new ChainVerifier(isKeyed ? Key : null, null);
                verifier.Read(new MemoryStream(changed), "f");
                verifier.End();
                Assert.True(verifier.Break is not null, $"byte {i} of {whole.Length}, bit {bit}");
            }
        }
    }

    [Fact]
    public void A_removed_line_is_named()
    {
        Record(4);
        Edit(lines => lines.RemoveAt(2));
        AssertBroken(":3: records 3 to 3 are missing ahead of record 4");
    }

    [Fact]
    public void Swapped_lines_are_found()
    {
        Record(4);
        Edit(lines => (lines[2], lines[3]) = (lines[3], lines[2]));
        AssertBroken(":3: records 3 to 3 are missing ahead of record 4");
    }

    [Fact]
    public void A_line_that_comes_twice_is_found()
    {
        Record(4);
        Edit(lines => lines.Insert(3, lines[1]));
        AssertBroken(":4: record 2 stands behind record 3: it was moved or inserted");
    }

    [Fact]
    public void An_inserted_line_that_is_no_record_is_found()
    {
        Record(4);
        Edit(lines => lines.Insert(3, "{}"));
        AssertBroken(":4: the line is no record, and none declares it");
    }

    [Fact]
    public void A_line_written_anew_without_the_key_is_found()
    {
        Record(3, Key);
        Remake(Trail, null);
        Assert.Contains("BROKEN", Verify(key: KeyFile).Said, StringComparison.Ordinal);
        Remake(Trail, Encoding.ASCII.GetBytes("another key, which is as long as it must be"));
        Assert.Contains(":1: record 1 was changed", Verify(key: KeyFile).Said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_with_a_key_needs_the_key_and_one_without_is_no_proof_of_one()
    {
        Record(2, Key);
        Assert.Equal(AuditVerdict.Whole, Verify(key: KeyFile).Verdict);
        AssertBroken("the chain is made with a key");
        File.Delete(Trail);
        Record(2);
        Assert.Contains("without a key", Verify(key: KeyFile).Said, StringComparison.Ordinal);
        Assert.Equal(AuditVerdict.Broken, Verify(key: KeyFile).Verdict);
    }

    [Fact]
    public void What_is_cut_off_at_the_end_shows_against_a_head_that_was_kept()
    {
        Record(4);
        var head = Verify().Said.Split('\n').Single(line => line.StartsWith("head ", StringComparison.Ordinal))[5..].Trim();
        Assert.Equal(AuditVerdict.Whole, Verify(head: head).Verdict);
        Edit(lines => lines.RemoveAt(4));
        Assert.Equal(AuditVerdict.Whole, Verify().Verdict);
        AssertBroken("what came behind was cut off", head);
        Record(3);
        AssertBroken("record 5 is another than the head that was kept", head);
    }

    [Fact]
    public void A_torn_last_line_has_a_verdict_of_its_own_and_is_declared_when_the_chain_goes_on()
    {
        Record(3);
        File.AppendAllText(Trail, "{\"time\":\"2026");
        AssertBroken(":5: the last line is torn");
        Record(2);
        var (verdict, said) = Verify();
        Assert.Equal(AuditVerdict.Whole, verdict);
        Assert.Contains("7 records, 1 to 7", said, StringComparison.Ordinal);
        Assert.Contains("1 lines are no records", said, StringComparison.Ordinal);
        File.WriteAllText(Trail, File.ReadAllText(Trail).Replace("{\"time\":\"2026\n", "{\"time\":\"2027\n", StringComparison.Ordinal));
        AssertBroken(":5: the line is no record");
    }

    [Fact]
    public void Lines_from_before_there_was_a_chain_are_declared()
    {
        File.WriteAllText(Trail, "{\"event\":\"login\"}\n{\"event\":\"login\"}\n");
        Record(1);
        Assert.Equal(AuditVerdict.Whole, Verify().Verdict);
        Edit(lines => lines.RemoveAt(0));
        AssertBroken(":1: the line is no record");
    }

    [Fact]
    public void The_chain_goes_on_after_a_restart()
    {
        Record(2);
        Record(2);
        Assert.Contains("6 records, 1 to 6", Verify().Said, StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"continued\"", File.ReadAllLines(Trail)[3], StringComparison.Ordinal);
    }

    [Fact]
    public void The_chain_goes_on_in_the_next_file_and_each_is_proven_alone_too()
    {
        using (var trail = Make())
        {
            trail.Record(Attempt);
            Assert.True(trail.Flush(Deadline));
            File.Move(Trail, Trail + ".1");
            trail.Apply(new AuditSettings { File = Trail });
            trail.Record(Attempt);
            trail.Apply(new AuditSettings { File = Trail });
            trail.Record(Attempt);
        }

        Assert.Contains("5 records, 1 to 5", Verify(files: [Trail + ".1", Trail]).Said, StringComparison.Ordinal);
        Assert.Contains("3 records, 3 to 5", Verify().Said, StringComparison.Ordinal);
        Assert.Equal(AuditVerdict.Broken, Verify(files: [Trail, Trail + ".1"]).Verdict);
        File.WriteAllLines(Trail + ".1", File.ReadAllLines(Trail + ".1")[..^1]);
        Assert.Equal(AuditVerdict.Broken, Verify(files: [Trail + ".1", Trail]).Verdict);
    }

    [Fact]
    public void A_trail_without_its_beginning_is_none()
    {
        Record(3);
        Edit(lines => lines.RemoveAt(0));
        AssertBroken(":1: the trail begins with record 2, in the middle");
        Record(1);
        Edit(lines => lines.RemoveRange(0, 3));
        AssertBroken(":1: the trail begins with record 5, in the middle");
    }

    [Fact]
    public void A_trail_that_starts_anew_in_the_middle_is_broken_there()
    {
        Record(2);
        var first = File.ReadAllText(Trail);
        File.Delete(Trail);
        Record(2);
        File.WriteAllText(Trail, first + File.ReadAllText(Trail));
        AssertBroken(":4: the chain starts anew behind record 3");
    }

    [Fact]
    public void A_file_that_is_not_there_cannot_be_looked_at()
    {
        Assert.Equal(AuditVerdict.Unreadable, Verify().Verdict);
        Record(1);
        Assert.Equal(AuditVerdict.Unreadable, Verify(head: "7:abc").Verdict);
        Assert.Equal(AuditVerdict.Unreadable, Verify(key: Trail + ".nokey").Verdict);
    }

    [Fact]
    public void A_long_trail_is_read_in_pieces()
    {
        Record(20_000);
        Assert.Contains("20001 records", Verify().Said, StringComparison.Ordinal);
    }

    private static void Remake(string file, byte[]? key)
    {
        using var hasher = new ChainHasher(key);
        var hash = ChainHead.None.Hash;
        var lines = File.ReadAllLines(file).Select(line =>
        {
            ChainLine.TryRead(Encoding.ASCII.GetBytes(line), out _, out _, out var hashed);
            hasher.Write(hash, Encoding.ASCII.GetBytes(line[..hashed]), hash = new byte[64]);
            return line[..hashed] + ",\"hash\":\"" + Encoding.ASCII.GetString(hash) + "\"}";
        }).ToList();
        File.WriteAllLines(file, lines);
    }

    private AuditTrail Make(byte[]? key = null) => new(new AuditSettings { File = Trail, QueueSize = 1 << 16 }, FixedTime.Instance, NullLogger.Instance, key: key);

    private void Record(int count, byte[]? key = null)
    {
        using var trail = Make(key);
        for (var i = 0; i < count; i++)
            trail.Record(Attempt);
        Assert.True(trail.Flush(Deadline));
        Assert.Equal(0, trail.DroppedCount);
    }

    private void Edit(Action<List<string>> change)
    {
        var lines = File.ReadAllLines(Trail).ToList();
        change(lines);
        File.WriteAllText(Trail, string.Concat(lines.Select(line => line + "\n")));
    }

    private (AuditVerdict Verdict, string Said) Verify(string? head = null, string? key = null, string[]? files = null)
    {
        using var output = new StringWriter();
        return (AuditVerification.Run(files ?? [Trail], key, head, output, TextWriter.Null), output.ToString());
    }

    private void AssertBroken(string how, string? head = null)
    {
        var (verdict, said) = Verify(head);
        Assert.Equal(AuditVerdict.Broken, verdict);
        Assert.Contains("BROKEN ", said, StringComparison.Ordinal);
        Assert.Contains(how, said, StringComparison.Ordinal);
    }
}
