using System.Text;
using Microsoft.Extensions.Logging;
using PoolProxy.Core.Telemetry;
using Xunit;

namespace PoolProxy.UnitTests.Telemetry;

public sealed class JournalStreamTests
{
    [Theory]
    [InlineData(LogLevel.Critical, 2)]
    [InlineData(LogLevel.Error, 3)]
    [InlineData(LogLevel.Warning, 4)]
    [InlineData(LogLevel.Information, 6)]
    [InlineData(LogLevel.Debug, 7)]
    [InlineData(LogLevel.Trace, 7)]
    public void Each_line_says_how_grave_it_is(LogLevel level, int priority)
    {
        var line = LogLine.Make(DateTimeOffset.UnixEpoch, 4711, level, "it [is] so");
        using var written = new MemoryStream();
        using var journal = new JournalStream(written);
        journal.Write(line);
        Assert.Equal($"<{priority}>" + Encoding.UTF8.GetString(line), Encoding.UTF8.GetString(written.ToArray()));
    }

    [Fact]
    public void Only_the_file_that_the_variable_names_is_the_journal()
    {
        var here = JournalStream.IdentityOf(0);
        Assert.NotNull(here);
        Assert.True(JournalStream.IsJournal($"{here.Value.Device}:{here.Value.Inode}", here));
        Assert.False(JournalStream.IsJournal($"{here.Value.Device}:{here.Value.Inode + 1}", here));
        Assert.False(JournalStream.IsJournal(null, here));
        Assert.False(JournalStream.IsJournal("journal", here));
        Assert.False(JournalStream.IsJournal("1:2", null));
    }
}
