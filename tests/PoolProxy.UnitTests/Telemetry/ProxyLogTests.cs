using System.Text;
using Microsoft.Extensions.Logging;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Telemetry;
using Xunit;

namespace PoolProxy.UnitTests.Telemetry;

public sealed class ProxyLogTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly GatedStream _stderr = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("pp-log").FullName;

    private string LogFile => Path.Combine(_folder, "log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_record_is_one_line_in_PgBouncers_form()
    {
        using var log = Make(new LogSettings());
        log.CreateLogger("any").ClientLoginFailed("C-0x7: app/alice@127.0.0.1:5000", "app", "alice", "expired");
        Assert.True(log.Flush(Deadline));
        Assert.Equal(
            $"2026-11-21 01:02:03.456 UTC [{Environment.ProcessId}] LOG C-0x7: app/alice@127.0.0.1:5000 login failed: db=app user=alice check=expired",
            Assert.Single(_stderr.Lines));
    }

    [Fact]
    public void A_name_from_outside_can_neither_begin_a_line_nor_steer_a_terminal()
    {
        var line = Encoding.UTF8.GetString(LogLine.Make(
            FixedTime.Instance.GetUtcNow(), 1, LogLevel.Warning, "user=x\n2026 LOG forged\r\u001b[2J\u009b2J\u2028\0é"));
        Assert.Equal("2026-11-21 01:02:03.456 UTC [1] WARNING user=x\\n2026 LOG forged\\r\\x1b[2J\\x9b2J\\x2028\\x00é\n", line);
    }

    [Fact]
    public void An_exception_stays_on_the_line()
    {
        var line = Encoding.UTF8.GetString(LogLine.Make(
            FixedTime.Instance.GetUtcNow(), 1, LogLevel.Error, "it failed", new IOException("two\nlines")));
        Assert.EndsWith("ERROR it failed: System.IO.IOException: two\\nlines\n", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_is_bounded()
    {
        var line = LogLine.Make(FixedTime.Instance.GetUtcNow(), 1, LogLevel.Error, new string('x', 1_000_000));
        Assert.Equal(LogLine.MaxChars + 1, line.Length);
        Assert.EndsWith("x...\n", Encoding.UTF8.GetString(line), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "LOG")]
    [InlineData(1, "DEBUG LOG")]
    [InlineData(2, "NOISE DEBUG LOG")]
    public void Verbose_decides_what_is_written(int verbose, string words)
    {
        using var log = Make(new LogSettings { Verbose = verbose });
        var logger = log.CreateLogger("any");
        foreach (var level in new[] { LogLevel.Trace, LogLevel.Debug, LogLevel.Information })
            logger.Log(level, "x");
        Assert.True(log.Flush(Deadline));
        Assert.Equal(words, string.Join(' ', _stderr.Lines.Select(line => line.Split(' ')[4])));
    }

    [Fact]
    public void Verbose_changes_while_running()
    {
        using var log = Make(new LogSettings());
        var logger = log.CreateLogger("any");
        Assert.False(logger.IsEnabled(LogLevel.Debug));
        log.SetVerbose(1);
        Assert.True(logger.IsEnabled(LogLevel.Debug));
    }

    [Fact]
    public void Lines_go_to_the_file_and_to_stderr()
    {
        using var log = Make(new LogSettings { LogFile = LogFile });
        log.CreateLogger("any").ProcessDown();
        Assert.True(log.Flush(Deadline));
        Assert.Single(_stderr.Lines);
        Assert.Single(File.ReadAllLines(LogFile));
    }

    [Fact]
    public void Quiet_leaves_stderr_alone()
    {
        using var log = Make(new LogSettings { LogFile = LogFile, IsQuiet = true });
        log.CreateLogger("any").ProcessDown();
        Assert.True(log.Flush(Deadline));
        Assert.Empty(_stderr.Lines);
        Assert.Single(File.ReadAllLines(LogFile));
    }

    [Fact]
    public void Quiet_without_a_file_writes_and_formats_nothing()
    {
        using var log = Make(new LogSettings { IsQuiet = true });
        Assert.False(log.CreateLogger("any").IsEnabled(LogLevel.Critical));
    }

    [Fact]
    public void Applying_settings_opens_a_rotated_file_again()
    {
        var settings = new LogSettings { LogFile = LogFile, IsQuiet = true };
        using var log = Make(settings);
        log.CreateLogger("any").ProcessDown();
        Assert.True(log.Flush(Deadline));
        File.Move(LogFile, LogFile + ".1");
        log.Apply(settings);
        log.CreateLogger("any").ProcessDown();
        Assert.True(log.Flush(Deadline));
        Assert.Single(File.ReadAllLines(LogFile));
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_told_on_stderr()
    {
        using var log = Make(new LogSettings { LogFile = Path.Combine(_folder, "missing", "log") });
        Assert.True(log.Flush(Deadline));
        Assert.True(log.Flush(Deadline));
        Assert.Contains("ERROR cannot write the log to", Assert.Single(_stderr.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_silent_record_costs_no_formatting()
    {
        using var log = Make(new LogSettings());
        var client = new NeverAsked();
        log.CreateLogger("any").ClientAccepted(client);
        Assert.False(client.WasAsked);
    }

    [Fact]
    public void A_pooler_error_shows_what_the_client_was_told_as_PgBouncer_does()
    {
        using var log = Make(new LogSettings());
        log.CreateLogger("any").PoolerError("C-1", ProxyErrors.TooManyClients.Message);
        Assert.True(log.Flush(Deadline));
        Assert.EndsWith(
            "WARNING C-1 pooler error: no more connections allowed (max_client_conn)", _stderr.Lines[0], StringComparison.Ordinal);
    }

    private ProxyLog Make(LogSettings settings) => new(settings, FixedTime.Instance, new LineTarget("stderr", () => _stderr));

    private sealed class NeverAsked
    {
        public bool WasAsked { get; private set; }

        public override string ToString()
        {
            WasAsked = true;
            return "";
        }
    }
}
