using System.Text;
using PoolProxy.Core.Telemetry;
using Xunit;

namespace PoolProxy.UnitTests.Telemetry;

public sealed class LineWriterTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly GatedStream _stream = new();
    private readonly List<string> _faults = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("pp-lines").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Lines_come_out_whole_and_in_order()
    {
        using var writer = Make(100);
        for (var i = 0; i < 50; i++)
            Assert.True(writer.TryWrite(Line($"line {i}")));
        Assert.True(writer.Flush(Deadline));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"line {i}"), _stream.Lines);
    }

    [Fact]
    public void A_full_queue_drops_and_counts_and_says_so_when_there_is_room()
    {
        _stream.Gate.Reset();
        using var writer = Make(4);
        Assert.True(writer.TryWrite(Line("first")));
        Assert.True(_stream.Reached.Wait(Deadline));
        for (var i = 0; i < 4; i++)
            Assert.True(writer.TryWrite(Line($"queued {i}")));
        for (var i = 0; i < 3; i++)
            Assert.False(writer.TryWrite(Line("too many")));
        Assert.Equal(3, writer.DroppedCount);

        _stream.Gate.Set();
        Assert.True(writer.Flush(Deadline));
        Assert.Equal(["first", "queued 0", "queued 1", "queued 2", "queued 3", "lost 3"], _stream.Lines);
    }

    [Fact]
    public void A_caller_never_waits_for_a_target_that_hangs()
    {
        _stream.Gate.Reset();
        using var writer = Make(2);
        for (var i = 0; i < 1000; i++)
            writer.TryWrite(Line("x"));
        Assert.False(writer.Flush(TimeSpan.Zero));
        _stream.Gate.Set();
        Assert.True(writer.Flush(Deadline));
    }

    [Fact]
    public void A_target_that_fails_is_told_once_and_its_lines_are_counted_as_lost()
    {
        _stream.IsBroken = true;
        using var writer = Make(10);
        Assert.True(writer.Flush(Deadline));
        for (var i = 0; i < 3; i++)
        {
            writer.TryWrite(Line("lost"));
            Assert.True(writer.Flush(Deadline));
        }

        Assert.Equal(3, writer.DroppedCount);
        Assert.Single(_faults);

        _stream.IsBroken = false;
        writer.TryWrite(Line("back"));
        Assert.True(writer.Flush(Deadline));
        Assert.Equal(["back", "lost 3"], _stream.Lines);
    }

    [Fact]
    public void Disposing_writes_what_is_queued()
    {
        _stream.Gate.Reset();
        var writer = Make(100);
        for (var i = 0; i < 10; i++)
            writer.TryWrite(Line("x"));
        _stream.Gate.Set();
        writer.Dispose();
        Assert.Equal(10, _stream.Lines.Length);
        Assert.False(writer.TryWrite(Line("late")));
    }

    [Fact]
    public void Reopening_lets_a_renamed_file_go()
    {
        var path = Path.Combine(_folder, "log");
        using var writer = new LineWriter(LineTarget.File(path), 10, Lost, Fault);
        writer.TryWrite(Line("before"));
        Assert.True(writer.Flush(Deadline));
        File.Move(path, path + ".1");
        writer.TryWrite(Line("to the renamed one"));
        Assert.True(writer.Flush(Deadline));
        writer.Reopen();
        writer.TryWrite(Line("after"));
        Assert.True(writer.Flush(Deadline));
        Assert.Equal(["before", "to the renamed one"], File.ReadAllLines(path + ".1"));
        Assert.Equal(["after"], File.ReadAllLines(path));
    }

    [Fact]
    public void Where_the_new_file_cannot_be_opened_the_old_one_stays_in_use()
    {
        var path = Path.Combine(_folder, "log");
        using var writer = new LineWriter(LineTarget.File(path), 10, Lost, Fault);

        // In use: the first opening is the writer's thread's too, and may not have happened yet.
        Assert.True(writer.Flush(Deadline));
        writer.Reopen(LineTarget.File(Path.Combine(_folder, "missing", "log")));
        writer.TryWrite(Line("still here"));
        Assert.True(writer.Flush(Deadline));
        Assert.Equal(["still here"], File.ReadAllLines(path));
        Assert.EndsWith("missing/log", Assert.Single(_faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_appended_to_and_others_cannot_read_it()
    {
        var path = Path.Combine(_folder, "log");
        for (var i = 0; i < 2; i++)
        {
            using var writer = new LineWriter(LineTarget.File(path), 10, Lost, Fault);
            writer.TryWrite(Line("again"));
        }

        Assert.Equal(2, File.ReadAllLines(path).Length);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite));
    }

    [Fact]
    public void Many_threads_lose_nothing_that_is_not_counted()
    {
        var writer = Make(64);
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 5000; i++)
                writer.TryWrite(Line("x"));
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        writer.Dispose();
        Assert.Equal(20_000, _stream.Lines.Count(line => line == "x") + writer.DroppedCount);
        var told = _stream.Lines.Where(line => line.StartsWith("lost", StringComparison.Ordinal)).Sum(line => long.Parse(line[5..], null));
        Assert.Equal(writer.DroppedCount, told);
    }

    private static byte[] Line(string text) => Encoding.UTF8.GetBytes(text + "\n");

    private static byte[] Lost(long count) => Line($"lost {count}");

    private LineWriter Make(int capacity) => new(new LineTarget("gated", () => _stream), capacity, Lost, Fault);

    private void Fault(string target, Exception exception) => _faults.Add(target);
}
