using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using PoolProxy.Signals;
using Xunit;

namespace PoolProxy.UnitTests.CommandLine;

// It signals its own process, and the demo's command, tested elsewhere, listens to the same signals.
[Collection(nameof(AloneInTheProcess))]
public sealed class ProxySignalsTests
{
    private readonly Recorder _control = new();

    [Theory]
    [InlineData(PosixSignal.SIGHUP, "Reload")]
    [InlineData(PosixSignal.SIGINT, "ShutdownWaitForServers")]
    [InlineData(PosixSignal.SIGTERM, "ShutdownWaitForClients")]
    [InlineData(PosixSignal.SIGQUIT, "ShutdownNow")]
    [InlineData((PosixSignal)10, "Pause")]
    public void Each_signal_has_PgBouncers_meaning(PosixSignal signal, string call)
    {
        using var signals = new ProxySignals(_control, NullLogger.Instance);
        signals.React(signal);
        Assert.Equal([call], _control.Calls);
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM, PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT, PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM, PosixSignal.SIGINT)]
    public void A_second_request_to_stop_means_now(PosixSignal first, PosixSignal second)
    {
        using var signals = new ProxySignals(_control, NullLogger.Instance);
        signals.React(first);
        signals.React(second);
        Assert.Equal("ShutdownNow", _control.Calls.Last());
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void USR2_goes_on_from_PAUSE_and_from_SUSPEND(bool isPaused, bool isSuspended)
    {
        (_control.IsPaused, _control.IsSuspended) = (isPaused, isSuspended);
        using var signals = new ProxySignals(_control, NullLogger.Instance);
        signals.React((PosixSignal)12);
        Assert.Equal(["Resume"], _control.Calls);
    }

    [Theory]
    [InlineData((PosixSignal)10, true, false)]
    [InlineData((PosixSignal)10, false, true)]
    [InlineData((PosixSignal)12, false, false)]
    public void What_is_so_already_is_left_so(PosixSignal signal, bool isPaused, bool isSuspended)
    {
        (_control.IsPaused, _control.IsSuspended) = (isPaused, isSuspended);
        using var signals = new ProxySignals(_control, NullLogger.Instance);
        signals.React(signal);
        Assert.Empty(_control.Calls);
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public void A_suspended_proxy_waits_for_nobody(PosixSignal signal)
    {
        _control.IsSuspended = true;
        using var signals = new ProxySignals(_control, NullLogger.Instance);
        signals.React(signal);
        Assert.Equal(["ShutdownNow"], _control.Calls);
    }

    // The numbers of USR1 and USR2 are ours, not the runtime's: only a real signal shows that they are right.
    [Theory]
    [InlineData("HUP", "Reload")]
    [InlineData("USR1", "Pause")]
    [InlineData("USR2", "Resume")]
    public void A_real_signal_arrives(string name, string call)
    {
        _control.IsPaused = name == "USR2";
        using var signals = new ProxySignals(_control, NullLogger.Instance);
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{name} {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}"]);
        kill.WaitForExit();
        Assert.True(_control.Called.Wait(TimeSpan.FromSeconds(20)));
        Assert.Contains(call, _control.Calls);
    }

    private sealed class Recorder : IProxyControl
    {
        public ConcurrentQueue<string> Calls { get; } = new();

        public ManualResetEventSlim Called { get; } = new();

        public bool IsPaused { get; set; }

        public bool IsSuspended { get; set; }

        public bool IsShuttingDown => Calls.Any(call => call.StartsWith("Shutdown", StringComparison.Ordinal));

        public void Reload() => Add(nameof(Reload));

        public void ShutdownWaitForServers() => Add(nameof(ShutdownWaitForServers));

        public void ShutdownWaitForClients() => Add(nameof(ShutdownWaitForClients));

        public void ShutdownNow() => Add(nameof(ShutdownNow));

        public void Pause() => Add(nameof(Pause));

        public void Resume() => Add(nameof(Resume));

        private void Add(string call)
        {
            Calls.Enqueue(call);
            Called.Set();
        }
    }
}
