using Microsoft.Extensions.Logging;

namespace PoolProxy.Core.Telemetry;

/// <summary>Formats a record on the caller's thread and hands the line to each writer. Shared by all categories; any thread.</summary>
internal sealed class ProxyLogger(TimeProvider time) : ILogger
{
    private volatile LineWriter[] _writers = [];
    private volatile int _leastLevel = (int)LogLevel.None;

    /// <summary>From now on lines of at least this level go to these writers.</summary>
    public void Publish(LineWriter[] writers, LogLevel leastLevel)
    {
        _writers = writers;
        _leastLevel = (int)(writers.Length == 0 ? LogLevel.None : leastLevel);
    }

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && (int)logLevel >= _leastLevel;

    /// <summary>Scopes are not kept: who a record is about stands in its message.</summary>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var line = LogLine.Make(time.GetUtcNow(), Environment.ProcessId, logLevel, formatter(state, exception), exception);
        foreach (var writer in _writers)
            writer.TryWrite(line);
    }
}
