using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Telemetry;
using Xunit;

namespace PoolProxy.UnitTests.Telemetry;

/// <summary>What the system's log is sent.</summary>
public sealed class SyslogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pp-syslog").FullName;

    private string Path => System.IO.Path.Combine(_folder, "log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(LogLevel.Information, SyslogFacility.Daemon, "<30>", "LOG")]
    [InlineData(LogLevel.Warning, SyslogFacility.Daemon, "<28>", "WARNING")]
    [InlineData(LogLevel.Error, SyslogFacility.Local0, "<131>", "ERROR")]
    [InlineData(LogLevel.Critical, SyslogFacility.User, "<10>", "FATAL")]
    [InlineData(LogLevel.Debug, SyslogFacility.Authpriv, "<87>", "DEBUG")]
    public void A_line_is_a_datagram_with_its_priority_and_without_a_second_time(LogLevel level, SyslogFacility facility, string priority, string word)
    {
        using var listener = Listen();
        using var stream = LineTarget.Syslog(new SyslogSettings("pooler", facility), Path).Open();
        stream.Write(LogLine.Make(DateTimeOffset.UnixEpoch, 7, level, "C-0x1: a [b] c"));
        Assert.Equal($"{priority}pooler[{Environment.ProcessId}]: {word} C-0x1: a [b] c", Receive(listener));
    }

    [Fact]
    public void Where_nobody_listens_it_cannot_be_opened() =>
        Assert.Throws<IOException>(() => LineTarget.Syslog(new SyslogSettings("pooler", SyslogFacility.Daemon), Path).Open());

    [Fact]
    public void One_that_goes_away_is_a_fault_of_the_target_and_nothing_else()
    {
        var listener = Listen();
        using var stream = LineTarget.Syslog(new SyslogSettings("pooler", SyslogFacility.Daemon), Path).Open();
        listener.Dispose();
        Assert.Throws<IOException>(() => stream.Write(LogLine.Make(DateTimeOffset.UnixEpoch, 7, LogLevel.Information, "lost")));
    }

    private static string Receive(Socket listener)
    {
        var buffer = new byte[1024];
        return Encoding.UTF8.GetString(buffer, 0, listener.Receive(buffer));
    }

    private Socket Listen()
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 20_000 };
        listener.Bind(new UnixDomainSocketEndPoint(Path));
        return listener;
    }
}
