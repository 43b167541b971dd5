using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using PoolProxy.Hosting;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.Hosting;

/// <summary>The program as systemd starts it: with a listening socket as descriptor 3, a socket to report to, and a watchdog.</summary>
public sealed class ServiceManagerTests
{
    [Fact]
    public async Task Passed_sockets_are_listened_on_and_what_becomes_of_the_process_is_reported()
    {
        using var folder = new ProgramFolder("user = \"" + Environment.UserName + "\"");
        string notify = Path.Combine(folder.Path, "notify");
        using var reports = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        reports.Bind(new UnixDomainSocketEndPoint(notify));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        string passed = Path.Combine(folder.Path, "passed");
        listener.Bind(new UnixDomainSocketEndPoint(passed));
        listener.Listen();

        // The runtime marks its descriptors so that nobody inherits them; a duplicate has no mark.
        int inherited = Inheritable.Duplicate((int)listener.Handle);
        using Process process = ProgramFolder.Start(
            $"exec 3<&{inherited}; LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=x NOTIFY_SOCKET={notify} WATCHDOG_USEC=400000 exec \"$0\" \"$@\"",
            "dotnet", typeof(PidFile).Assembly.Location, "-q", folder.File);
        Inheritable.Close(inherited);
        try
        {
            Assert.Equal("READY=1\nSTATUS=serving", await ReadAsync(reports, "READY=1"));
            await using (RawClient client = await RawClient.ConnectAsync(new UnixDomainSocketEndPoint(passed)))
            {
                Assert.Equal('N', await client.RequestTlsAsync());
            }

            await Assert.ThrowsAnyAsync<SocketException>(() => RawClient.ConnectAsync(folder.Port));
            Assert.Contains("sockets passed from service manager, listen_addr ignored", await File.ReadAllTextAsync(folder.LogFile), StringComparison.Ordinal);
            Assert.Equal("WATCHDOG=1", await ReadAsync(reports, "WATCHDOG=1"));

            ProgramFolder.Signal(process.Id, "HUP");
            Assert.Matches("^RELOADING=1\nMONOTONIC_USEC=[0-9]+$", await ReadAsync(reports, "RELOADING=1"));
            Assert.StartsWith("READY=1", await ReadAsync(reports, "READY=1"), StringComparison.Ordinal);
            ProgramFolder.Signal(process.Id, "INT");
            Assert.StartsWith("STOPPING=1\nSTATUS=", await ReadAsync(reports, "STOPPING=1"), StringComparison.Ordinal);
            await process.WaitForExitAsync().WaitAsync(Deadlines.Step);
            Assert.Equal(0, process.ExitCode);

            // It outlives the process.
            Assert.True(File.Exists(passed));
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task Who_takes_over_is_the_main_process_from_then_on_and_the_old_one_says_nothing_more()
    {
        using var folder = new ProgramFolder();
        using Socket reports = ReportsIn(folder);
        using Process old = Start(folder, "", "-q");
        Process? next = null;
        try
        {
            Assert.Equal("READY=1\nSTATUS=serving", await ReadAsync(reports, "READY=1"));
            next = Start(folder, "", "-q", "-R");
            var said = new List<string>();
            while (said.LastOrDefault() is not { } last || !last.StartsWith("READY=1", StringComparison.Ordinal))
            {
                said.Add(await ReadAsync(reports, ""));
            }

            // The old one says it too: it may be the only one that is heard.
            Assert.Equal([$"MAINPID={next.Id}", $"READY=1\nSTATUS=serving\nMAINPID={next.Id}"], said.Where(one => one != "WATCHDOG=1"));
            await old.WaitForExitAsync().WaitAsync(Deadlines.Step);
            Assert.Equal("WATCHDOG=1", await ReadAsync(reports, ""));
            ProgramFolder.Signal(next.Id, "INT");
            Assert.StartsWith("STOPPING=1\n", await ReadAsync(reports, "STOPPING=1"), StringComparison.Ordinal);
            await next.WaitForExitAsync().WaitAsync(Deadlines.Step);
        }
        finally
        {
            old.Kill();
            next?.Kill();
            next?.Dispose();
        }
    }

    [Fact]
    public async Task The_process_in_the_background_is_the_main_one_and_is_watched()
    {
        using var folder = new ProgramFolder();
        using Socket reports = ReportsIn(folder);
        using Process started = Start(folder, "WATCHDOG_PID=$$", "-d");
        await started.WaitForExitAsync().WaitAsync(Deadlines.Step);
        Assert.Equal(0, started.ExitCode);
        Assert.Equal($"READY=1\nSTATUS=serving\nMAINPID={folder.ProcessId}", await ReadAsync(reports, "READY=1"));
        Assert.Equal("WATCHDOG=1", await ReadAsync(reports, "WATCHDOG=1"));
    }

    private static Socket ReportsIn(ProgramFolder folder)
    {
        var reports = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        reports.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder.Path, "notify")));
        return reports;
    }

    private static Process Start(ProgramFolder folder, string variables, params string[] arguments) => ProgramFolder.Start(
        $"NOTIFY_SOCKET={folder.Path}/notify WATCHDOG_USEC=400000 {variables} exec \"$0\" \"$@\"",
        "dotnet", [typeof(PidFile).Assembly.Location, .. arguments, "-u", Environment.UserName, folder.File]);

    private static async Task<string> ReadAsync(Socket reports, string beginning)
    {
        var buffer = new byte[4096];
        while (true)
        {
            int length = await reports.ReceiveAsync(buffer).WaitAsync(Deadlines.Step);
            string report = Encoding.UTF8.GetString(buffer, 0, length);
            if (report.StartsWith(beginning, StringComparison.Ordinal))
            {
                return report;
            }
        }
    }
}
