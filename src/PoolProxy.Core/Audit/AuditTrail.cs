using Microsoft.Extensions.Logging;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Audit;

/// <summary>
/// The audit trail: a line of JSON for every login attempt, refused ones too. Recording never waits: above <c>queue_size</c> records
/// are dropped and counted, and the count becomes a line of its own as soon as there is room.
/// </summary>
/// <remarks>
/// Any thread may record. <see cref="Apply"/> and <see cref="Dispose"/> are called by the program alone, one at a time. Lines are handed to
/// the operating system as they come and not forced to the disk: they outlive the process, not the machine.
/// </remarks>
internal sealed class AuditTrail : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Func<string, LineTarget> _open;
    private volatile LineWriter? _writer;
    private AuditSettings _settings = new();
    private long _closedDropped;

    /// <summary>Opens what <paramref name="settings"/> name; <paramref name="open"/> stands in for the file system in tests.</summary>
    public AuditTrail(AuditSettings settings, TimeProvider time, ILogger log, Func<string, LineTarget>? open = null)
    {
        _time = time;
        _log = log;
        _open = open ?? TargetOf;
        Apply(settings);
    }

    /// <summary>Records lost since the start.</summary>
    public long DroppedCount => Interlocked.Read(ref _closedDropped) + (_writer?.DroppedCount ?? 0);

    /// <summary>Somebody keeps the records.</summary>
    public bool IsOn => _writer is not null;

    /// <summary>Records an attempt; does nothing where the trail is off.</summary>
    public void Record(in LoginAttempt attempt) => _writer?.TryWrite(AuditLine.Login(_time.GetUtcNow(), attempt));

    /// <summary>
    /// Takes new settings, at a reload. The file is opened again even where its name stays, so that a rotated one is let go; where
    /// the new one cannot be opened, the old one stays in use and the log says so.
    /// </summary>
    public void Apply(AuditSettings settings)
    {
        var isSameQueue = settings.QueueSize == _settings.QueueSize;
        _settings = settings;
        if (_writer is { } writer && isSameQueue && settings.File != AuditSettings.Off)
        {
            writer.Reopen(_open(settings.File));
            return;
        }

        var successor = settings.File == AuditSettings.Off ? null : new LineWriter(_open(settings.File), settings.QueueSize, Lost, Tell);
        Replace(successor);
    }

    /// <summary>Waits until what was recorded so far is written; false where that took longer than <paramref name="deadline"/>.</summary>
    public bool Flush(TimeSpan deadline) => _writer?.Flush(deadline) ?? true;

    /// <summary>Writes what is queued, then closes.</summary>
    public void Dispose() => Replace(null);

    private static LineTarget TargetOf(string file) =>
        file == AuditSettings.StandardError ? LineTarget.StandardError : LineTarget.File(file);

    private byte[] Lost(long count) => AuditLine.Lost(_time.GetUtcNow(), count);

    private void Tell(string target, Exception exception) => _log.AuditUnwritable(target, exception.Message);

    // The successor is in place before the old writer drains: only a recorder caught between reading the field and handing over can find it closed.
    private void Replace(LineWriter? successor)
    {
        var closing = _writer;
        _writer = successor;
        if (closing is null)
            return;
        closing.Dispose();
        Interlocked.Add(ref _closedDropped, closing.DroppedCount);
    }
}
