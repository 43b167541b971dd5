namespace PoolProxy.Core.Telemetry;

/// <summary>Where the log goes and how much of it. Immutable; a reload hands a new one to <see cref="ProxyLog.Apply"/>.</summary>
internal sealed record LogSettings
{
    /// <summary><c>logfile</c>: a path, or empty for none.</summary>
    public string LogFile { get; init; } = "";

    /// <summary>The system's log, where <c>syslog</c> is on; null where not.</summary>
    public SyslogSettings? Syslog { get; init; }

    /// <summary><c>-q</c>: nothing to standard error. Where there is no file and no syslog either, nothing is written at all.</summary>
    public bool IsQuiet { get; init; }

    /// <summary><c>verbose</c> or the number of <c>-v</c>, the greater: 0, 1 (DEBUG) or 2 and above (NOISE).</summary>
    public int Verbose { get; init; }
}
