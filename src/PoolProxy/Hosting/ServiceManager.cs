using System.Globalization;
using PoolProxy.Core;

namespace PoolProxy.Hosting;

/// <summary>
/// What is between the process and a service manager that speaks systemd's protocols: sockets that it passes (sd_listen_fds(3)), and what it is told (sd_notify(3)).
/// Everything is a no-op where no such manager has started the process.
/// </summary>
internal sealed class ServiceManager : IDisposable
{
    /// <summary>Which process is watched.</summary>
    public const string WatchdogProcessVariable = "WATCHDOG_PID";

    private const string NotifyVariable = "NOTIFY_SOCKET";
    private const int FirstPassedDescriptor = 3;

    // More than any unit has; a number out of an environment is not trusted to be a number of descriptors.
    private const int MostPassedDescriptors = 1024;

    private readonly NotifySocket? _socket;
    private volatile bool _isSilent;

    private ServiceManager(NotifySocket? socket, PassedSockets passed, TimeSpan? watchdog)
    {
        _socket = socket;
        Passed = passed;
        Watchdog = watchdog;
    }

    /// <summary>The sockets that were passed.</summary>
    public PassedSockets Passed { get; }

    /// <summary>How long the process may be silent before it counts as hung; null where nobody watches.</summary>
    public TimeSpan? Watchdog { get; }

    /// <summary>Reads the environment. It is cleared of what was meant for this process.</summary>
    /// <exception cref="ProxyFaultException">The variables make no sense, or the manager cannot be reached.</exception>
    public static ServiceManager FromEnvironment()
    {
        var passed = TakePassed();
        var watchdog = TakeWatchdog();
        return new ServiceManager(Take(NotifyVariable) is { Length: > 1 } path ? NotifySocket.Connect(path) : null, passed, watchdog);
    }

    /// <summary>It listens, or has done so again after a reload.</summary>
    public void Ready(string status) => Notify($"READY=1\nSTATUS={status}");

    /// <summary>The same of a process that the manager has not started as the service's own: it is that from here on (MAINPID).</summary>
    public void ReadyAsMain(string status) => Notify(string.Create(CultureInfo.InvariantCulture, $"READY=1\nSTATUS={status}\nMAINPID={Environment.ProcessId}"));

    /// <summary>
    /// Another process serves in the place of this one, which stays until its clients have gone and says nothing more: a manager would take STOPPING for the service's end, and
    /// WATCHDOG for the other's sign of life. The other is named by this one too, since only the main process may be heard (NotifyAccess=main).
    /// </summary>
    /// <param name="successor">The other's number; null where it is not known.</param>
    public void HandOver(int? successor)
    {
        if (successor is { } process && process != Environment.ProcessId)
        {
            Notify(string.Create(CultureInfo.InvariantCulture, $"MAINPID={process}"));
        }

        _isSilent = true;
    }

    /// <summary>It begins to read its file again; <see cref="Ready"/> follows. For Type=notify-reload it says when (CLOCK_MONOTONIC, in microseconds).</summary>
    public void Reloading() => Notify(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={MonotonicMicroseconds()}"));

    /// <summary>It begins to go down.</summary>
    public void Stopping(string status) => Notify($"STOPPING=1\nSTATUS={status}");

    /// <summary>It lives.</summary>
    public void Alive() => Notify("WATCHDOG=1");

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private void Notify(string message)
    {
        if (!_isSilent)
        {
            _socket?.Send(message);
        }
    }

    // Stopwatch counts CLOCK_MONOTONIC on Linux.
    private static long MonotonicMicroseconds() => (long)(System.Diagnostics.Stopwatch.GetTimestamp() * (1_000_000.0 / System.Diagnostics.Stopwatch.Frequency));

    private static PassedSockets TakePassed()
    {
        var (process, count) = (Take("LISTEN_PID"), Take("LISTEN_FDS"));
        _ = Take("LISTEN_FDNAMES");

        // Inherited by a child of the process that it was meant for.
        if (process is null || count is null || !IsOurs(process))
        {
            return PassedSockets.None;
        }

        return int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MostPassedDescriptors
            ? new PassedSockets([.. Enumerable.Range(FirstPassedDescriptor, number)], AreServiceManagers: number > 0)
            : throw Fault($"LISTEN_FDS={count} is no number of descriptors");
    }

    private static TimeSpan? TakeWatchdog()
    {
        var (microseconds, process) = (Take("WATCHDOG_USEC"), Take(WatchdogProcessVariable));
        if (microseconds is null || (process is not null && !IsOurs(process)))
        {
            return null;
        }

        return long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? TimeSpan.FromMicroseconds(number)
            : throw Fault($"WATCHDOG_USEC={microseconds} is no time");
    }

    private static bool IsOurs(string process) => process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    private static string? Take(string variable)
    {
        var value = Environment.GetEnvironmentVariable(variable);
        Environment.SetEnvironmentVariable(variable, null);
        return value;
    }

    private static ProxyFaultException Fault(string text) => new([text], isBadFile: false);
}
