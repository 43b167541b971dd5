namespace PoolProxy.Core.Telemetry;

/// <summary>
/// Where lines go: a name for messages, and how to open it. Opened, and opened again at SIGHUP, by the writer's own
/// thread, so a slow file system never holds up a loop.
/// </summary>
internal sealed class LineTarget(string name, Func<Stream> open, Func<Stream?>? read = null)
{
    /// <summary>Standard error of this process. Never closed by us.</summary>
    public static LineTarget StandardError { get; } = new("stderr", JournalStream.OpenStandardError);

    /// <summary>What messages call it: a path, or <c>stderr</c>.</summary>
    public string Name => name;

    /// <summary>
    /// A file that grows at its end. Other processes may rename or remove it meanwhile (log rotation), and what is
    /// written goes to the renamed one until the next opening. Only the owner and the group may read a file made here.
    /// </summary>
    public static LineTarget File(string path) => new(
        path,
        () => AppendingFile.Open(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead),
        // Pipes and devices have no length, and to open a pipe for reading would be to wait for a writer.
        () => new FileInfo(path) is { Exists: true, Length: > 0 } ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : Stream.Null);

    /// <summary>The system's log.</summary>
    public static LineTarget Syslog(SyslogSettings settings, string path = SyslogStream.DefaultPath) => new("syslog", () => new SyslogStream(settings, path));

    /// <summary>Opens it. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where that cannot be.</summary>
    public Stream Open() => open();

    /// <summary>Opens what was written there before, empty where there is nothing yet; null for what cannot be read back. Throws as <see cref="Open"/>.</summary>
    public Stream? OpenToRead() => read?.Invoke();
}
