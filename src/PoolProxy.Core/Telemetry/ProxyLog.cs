using Microsoft.Extensions.Logging;

namespace PoolProxy.Core.Telemetry;

/// <summary>
/// The log: loggers whose records go to standard error, to <c>logfile</c>, to the system's log, or to several of them, as in PgBouncer. Logging never blocks the
/// caller: each target has a <see cref="LineWriter"/> of its own, and records above <see cref="QueueLines"/> are dropped and counted.
/// </summary>
/// <remarks>Any thread may log. <see cref="Apply"/> and <see cref="Dispose"/> are called by the program alone, one at a time.</remarks>
internal sealed class ProxyLog : ILoggerFactory
{
    /// <summary>How many lines may wait for a target.</summary>
    public const int QueueLines = 8192;

    private readonly TimeProvider _time;
    private readonly LineTarget _standardError;
    private readonly ProxyLogger _logger;
    private LineWriter? _errorWriter;
    private LineWriter? _fileWriter;
    private LineWriter? _systemWriter;
    private LogSettings _settings = new();
    private long _closedDropped;

    /// <summary>Opens the targets that <paramref name="settings"/> name; <paramref name="standardError"/> stands in for the real one in tests.</summary>
    public ProxyLog(LogSettings settings, TimeProvider time, LineTarget? standardError = null)
    {
        _time = time;
        _standardError = standardError ?? LineTarget.StandardError;
        _logger = new ProxyLogger(time);
        Apply(settings);
    }

    /// <summary>Records lost since the start, over all targets.</summary>
    public long DroppedCount =>
        Interlocked.Read(ref _closedDropped) + (_errorWriter?.DroppedCount ?? 0) + (_fileWriter?.DroppedCount ?? 0) + (_systemWriter?.DroppedCount ?? 0);

    /// <summary>
    /// Takes new settings, at a reload: level, quiet, and the file, which is opened again even where its name stays, so that
    /// a rotated file is let go. A file that cannot be opened is told on the other target, and an old one stays in use.
    /// </summary>
    public void Apply(LogSettings settings)
    {
        // Standard error first: a file that cannot be opened is told there.
        if (settings.IsQuiet)
            Close(ref _errorWriter);
        else
            _errorWriter ??= NewWriter(_standardError);

        if (settings.LogFile.Length == 0)
            Close(ref _fileWriter);
        else if (_fileWriter is null)
            _fileWriter = NewWriter(LineTarget.File(settings.LogFile));
        else
            _fileWriter.Reopen(LineTarget.File(settings.LogFile));

        if (settings.Syslog is not { } syslog)
            Close(ref _systemWriter);
        else if (_systemWriter is null)
            _systemWriter = NewWriter(LineTarget.Syslog(syslog));
        else
            _systemWriter.Reopen(LineTarget.Syslog(syslog));

        _settings = settings;
        Publish();
    }

    /// <summary>The level alone, at SET verbose.</summary>
    public void SetVerbose(int verbose)
    {
        _settings = _settings with { Verbose = verbose };
        Publish();
    }

    /// <summary>One logger serves every category: PgBouncer's lines have none.</summary>
    public ILogger CreateLogger(string categoryName) => _logger;

    /// <summary>There is one provider, this one.</summary>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("the log has its own targets only");

    /// <summary>Waits until what was logged so far is written; false where a target took longer than <paramref name="deadline"/>.</summary>
    public bool Flush(TimeSpan deadline) => (_errorWriter?.Flush(deadline) ?? true) & (_fileWriter?.Flush(deadline) ?? true) & (_systemWriter?.Flush(deadline) ?? true);

    /// <summary>Writes what is queued, then closes the targets.</summary>
    public void Dispose()
    {
        _logger.Publish([], LogLevel.None);
        Close(ref _systemWriter);
        Close(ref _fileWriter);
        Close(ref _errorWriter);
    }

    private void Publish()
    {
        LineWriter?[] writers = [_errorWriter, _fileWriter, _systemWriter];
        _logger.Publish([.. writers.OfType<LineWriter>()], LogLine.LeastLevel(_settings.Verbose));
    }

    private LineWriter NewWriter(LineTarget target) => new(target, QueueLines, LossNotice, TellOther);

    private byte[] LossNotice(long count) =>
        LogLine.Make(_time.GetUtcNow(), Environment.ProcessId, LogLevel.Warning, $"{count} log records were dropped");

    // On the failing target's thread. Another target's queue takes the news; where there is none, DroppedCount has it.
    private void TellOther(string target, Exception exception)
    {
        var other = target == _standardError.Name ? _fileWriter : _errorWriter;
        other?.TryWrite(LogLine.Make(
            _time.GetUtcNow(), Environment.ProcessId, LogLevel.Error, $"cannot write the log to {target}: {exception.Message}"));
    }

    // The loggers' list is replaced right after: a line handed over in between is dropped.
    private void Close(ref LineWriter? writer)
    {
        var closing = writer;
        if (closing is null)
            return;
        writer = null;
        closing.Dispose();
        Interlocked.Add(ref _closedDropped, closing.DroppedCount);
    }
}
