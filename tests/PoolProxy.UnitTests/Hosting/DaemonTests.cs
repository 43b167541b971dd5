using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.Hosting;

public sealed class DaemonTests
{
    private static readonly string Self = Environment.UserName;

    [Fact]
    public async Task It_comes_back_when_the_proxy_listens_and_the_pidfile_goes_with_the_proxy()
    {
        using var folder = new ProgramFolder();
        var (code, error) = await folder.RunAsync("-d", "-u", Self);
        Assert.Equal((0, ""), (code, error));
        int process = folder.ProcessId!.Value;
        await using (RawClient client = await RawClient.ConnectAsync(folder.Port))
        {
            Assert.NotEqual(0, client.Stream.Socket.Handle);
        }

        // A session of its own, and nothing of the terminal's.
        string[] stat = (await File.ReadAllTextAsync($"/proc/{process}/stat")).Split(") ")[1].Split(' ');
        Assert.Equal(process.ToString(System.Globalization.CultureInfo.InvariantCulture), stat[3]);
        Assert.All(new[] { 0, 1, 2 }, number => Assert.Equal("/dev/null", new FileInfo($"/proc/{process}/fd/{number}").LinkTarget));
        Assert.Contains("process up", await File.ReadAllTextAsync(folder.LogFile), StringComparison.Ordinal);

        var second = await folder.RunAsync("-d", "-u", Self);
        Assert.Equal(ExitCode.Fault, second.Code);
        Assert.Contains("exists, another instance running?", second.Error, StringComparison.Ordinal);

        ProgramFolder.Signal(process, "TERM");
        await WaitFor.TrueAsync(() => !ProgramFolder.Lives(process));
        Assert.Null(folder.ProcessId);
    }

    [Fact]
    public async Task It_comes_back_with_the_fault_and_its_code_where_the_proxy_does_not_come_up()
    {
        using var bad = new ProgramFolder("listen_prt = 1");
        var (code, error) = await bad.RunAsync("-d", "-u", Self);
        Assert.Equal(ExitCode.BadFile, code);
        Assert.Contains("listen_prt", error, StringComparison.Ordinal);

        using var busy = new ProgramFolder("unix_socket_group = \"nobody-here\"");
        (code, error) = await busy.RunAsync("-d", "-u", Self);
        Assert.Equal(ExitCode.BadFile, code);
        Assert.Contains("nobody-here", error, StringComparison.Ordinal);
        Assert.Null(busy.ProcessId);
    }

    [Fact]
    public async Task Users_that_cannot_be_are_refused()
    {
        using var folder = new ProgramFolder("user = \"nobody-of-this-name\"");
        var (code, error) = await folder.RunAsync();
        Assert.Equal(ExitCode.Fault, code);
        Assert.Contains("there is no user \"nobody-of-this-name\" here", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_takes_over_and_the_pidfile_names_it()
    {
        using var folder = new ProgramFolder();
        Assert.Equal(0, (await folder.RunAsync("-d", "-u", Self)).Code);
        int old = folder.ProcessId!.Value;
        Assert.Equal(0, (await folder.RunAsync("-R", "-d", "-u", Self)).Code);
        await WaitFor.TrueAsync(() => !ProgramFolder.Lives(old) && folder.ProcessId is { } now && now != old);
        int successor = folder.ProcessId!.Value;
        Assert.True(ProgramFolder.Lives(successor));
        ProgramFolder.Signal(successor, "QUIT");
        await WaitFor.TrueAsync(() => !ProgramFolder.Lives(successor));
        Assert.Empty(Directory.GetFiles(folder.Path, ".s.*"));
    }
}
