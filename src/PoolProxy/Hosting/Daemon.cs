using System.Globalization;
using System.Text;
using PoolProxy.Core;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Hosting;

/// <summary>
/// <c>-d</c>: the proxy in the background. A .NET process cannot fork, so this one starts itself once more, in a session of its own and without a terminal, waits until the
/// other listens or has failed, and ends with its exit code. What the other has to say until then it says on this one's standard error.
/// </summary>
internal sealed class Daemon : IDisposable
{
    /// <summary>Tells the started process which descriptor to report on; nobody else sets it.</summary>
    private const string ReportVariable = "POOLPROXY_DAEMON_REPORT";

    private const byte Up = (byte)'u';

    private readonly FileStream _report;

    private Daemon(FileStream report) => _report = report;

    /// <summary>The process is the one in the background: what it reports to. Null in the one that was started by hand.</summary>
    public static Daemon? FromEnvironment()
    {
        var number = Environment.GetEnvironmentVariable(ReportVariable);
        Environment.SetEnvironmentVariable(ReportVariable, null);
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor) || DescriptorCalls.MakeOwn(descriptor) != 0)
        {
            return null;
        }

        return new Daemon(new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write, bufferSize: 0));
    }

    /// <summary>Starts the process in the background and waits for what becomes of it. Answers its exit code, 0 where it listens.</summary>
    /// <exception cref="ProxyFaultException">It could not be started.</exception>
    public static int Start()
    {
        var (reading, writing) = ProcessCalls.Pipe();
        if (reading < 0)
        {
            throw Fault("cannot make a pipe");
        }

        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Where(entry => !IsOfThisProcessAlone(entry))
            .Select(entry => $"{entry.Key}={entry.Value}").Append(string.Create(CultureInfo.InvariantCulture, $"{ReportVariable}={ProcessCalls.PassedDescriptor}"));
        var process = ProcessCalls.StartDetached(Environment.ProcessPath!, Arguments(), [.. environment], writing);
        _ = Libc.close(writing);
        if (process < 0)
        {
            throw Fault($"cannot start the process in the background: {Errno.TextOf(-process)}");
        }

        using var report = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(reading, ownsHandle: true), FileAccess.Read, bufferSize: 0);
        if (report.ReadByte() == Up)
        {
            return ExitCode.Ok;
        }

        // The end of the pipe without a word: it has gone, or will in a moment.
        return ProcessCalls.WaitForExit(process) ?? ExitCode.Fault;
    }

    /// <summary>The proxy listens: whoever waits is told, and standard error, which may be a terminal's, is let go.</summary>
    public void ReportUp()
    {
        ProcessCalls.CloseStandardError();
        try
        {
            _report.WriteByte(Up);
        }
        catch (IOException)
        {
            // Whoever waited was killed meanwhile; the proxy runs.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _report.Dispose();

    // The other is watched in the place of this one (WATCHDOG_USEC), and a number that nobody knows beforehand cannot name it.
    private static bool IsOfThisProcessAlone(System.Collections.DictionaryEntry entry) =>
        entry.Key is ServiceManager.WatchdogProcessVariable && entry.Value is string process && process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    // As this process was started, the runtime's own command line where it was started by dotnet.
    private static string[] Arguments() => Encoding.UTF8.GetString(File.ReadAllBytes("/proc/self/cmdline")).TrimEnd('\0').Split('\0');

    private static ProxyFaultException Fault(string text) => new([text], isBadFile: false);
}
