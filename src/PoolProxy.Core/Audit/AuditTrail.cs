using Microsoft.Extensions.Logging;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Audit;

/// <summary>
/// The audit trail: a line of JSON for every login attempt, refused ones too, and for statements where that is asked for. Lines are chained by their hashes
/// (<see cref="ChainFile"/>). Recording never waits; what happens where records cannot be written is <see cref="AuditQueue"/>'s to say.
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
    private volatile AuditQueue? _queue;
    private long _closedDropped;

    /// <summary>Opens what <paramref name="settings"/> name; <paramref name="open"/> stands in for the file system in tests.</summary>
    public AuditTrail(AuditSettings settings, TimeProvider time, ILogger log, Func<string, LineTarget>? open = null, byte[]? key = null)
    {
        _time = time;
        _log = log;
        _open = open ?? TargetOf;
        Apply(settings, key);
    }

    /// <summary>Records lost since the start.</summary>
    public long DroppedCount => Interlocked.Read(ref _closedDropped) + (_queue?.DroppedCount ?? 0);

    /// <summary>Records that wait for the writer.</summary>
    public int WaitingCount => _queue?.WaitingCount ?? 0;

    /// <summary>Somebody keeps the records.</summary>
    public bool IsOn => _queue is not null;

    /// <inheritdoc cref="AuditQueue.IsFull"/>
    public bool IsFull => _queue is { IsFull: true };

    /// <summary>The time of records.</summary>
    public TimeProvider Time => _time;

    /// <summary>Records an attempt; does nothing where the trail is off.</summary>
    public void Record(in LoginAttempt attempt) => _queue?.Add(AuditEntry.Of(AuditLine.Login(_time.GetUtcNow(), attempt)), isOwed: false);

    /// <summary>Records a request for access on demand, or its end; does nothing where the trail is off.</summary>
    public void Record(in AccessRecord record) => _queue?.Add(AuditEntry.Of(AuditLine.Access(_time.GetUtcNow(), record)), isOwed: false);

    /// <summary>Takes the record of a statement that was let begin.</summary>
    public void Record(AuditEntry entry)
    {
        if (_queue is { } queue)
        {
            queue.Add(entry, isOwed: true);
        }
        else
        {
            entry.Release();
        }
    }

    /// <inheritdoc cref="AuditQueue.WhenRoom"/>
    public bool WhenRoom(Action action) => _queue is { } queue && queue.WhenRoom(action);

    /// <summary>
    /// Takes new settings, at a reload. The file is opened again even where its name stays, so that a rotated one is let go; where
    /// the new one cannot be opened, the old one stays in use and the log says so.
    /// </summary>
    /// <param name="settings">The settings.</param>
    /// <param name="key">What <c>chain_key</c> holds; null without one.</param>
    public void Apply(AuditSettings settings, byte[]? key = null)
    {
        if (settings.File == AuditSettings.Off)
        {
            Close();
            return;
        }

        var queueSettings = new AuditQueueSettings(_open(settings.File), key, settings.QueueSize, settings.Overflow == AuditOverflow.Block);
        if (_queue is { } queue)
        {
            queue.Apply(queueSettings);
        }
        else
        {
            _queue = new AuditQueue(new ChainFile(_time, Tell), queueSettings, Lost);
        }
    }

    /// <summary>Waits until what was recorded so far is written; false where that took longer than <paramref name="deadline"/>.</summary>
    public bool Flush(TimeSpan deadline) => _queue?.Flush(deadline) ?? true;

    /// <summary>Writes what is queued, then closes.</summary>
    public void Dispose() => Close();

    private static LineTarget TargetOf(string file) =>
        file == AuditSettings.StandardError ? LineTarget.StandardError : LineTarget.File(file);

    private byte[] Lost(long count) => AuditLine.Lost(_time.GetUtcNow(), count);

    private void Tell(string target, Exception exception) => _log.AuditUnwritable(target, exception.Message);

    // Only a recorder caught between reading the field and handing over can find the queue closed.
    private void Close()
    {
        var closing = _queue;
        _queue = null;
        if (closing is null)
            return;
        var before = closing.DroppedCount;
        closing.Dispose();
        if (closing.DroppedCount > before)
            _log.AuditRecordsLost(closing.DroppedCount - before);
        Interlocked.Add(ref _closedDropped, closing.DroppedCount);
    }
}
