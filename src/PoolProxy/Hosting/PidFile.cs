using System.Globalization;
using PoolProxy.Core;

namespace PoolProxy.Hosting;

/// <summary>
/// The file of setting <c>pidfile</c>: holds this process's number while it runs. One that a live process has written is not overwritten:
/// two proxies would each believe that it names them. One that names nobody is left from a process that was killed, and is taken over.
/// </summary>
internal sealed class PidFile : IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);

    private readonly string _path;
    private int _isGone;

    private PidFile(string path) => _path = path;

    /// <summary>Whether the file may be written.</summary>
    /// <exception cref="ProxyFaultException">Another process has it, or it cannot be read.</exception>
    public static void Check(string path)
    {
        try
        {
            if (path.Length > 0 && OwnerOf(path) is { } owner && owner != Environment.ProcessId)
            {
                throw new ProxyFaultException([$"pidfile '{path}' exists, another instance running? It names process {owner.ToString(CultureInfo.InvariantCulture)}"], isBadFile: false);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Fault(failure);
        }
    }

    /// <summary>Writes the file; null where none is wanted.</summary>
    /// <exception cref="ProxyFaultException">Another process has it, or it cannot be written.</exception>
    public static PidFile? Write(string path)
    {
        if (path.Length == 0)
        {
            return null;
        }

        Check(path);
        try
        {
            File.WriteAllText(path, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
            return new PidFile(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Fault(failure);
        }
    }

    /// <summary>
    /// Writes the file once the process that has it has gone: the one that was taken over from, where it keeps it as long as it lives (PgBouncer does). Never fails: the
    /// proxy serves already, and <paramref name="failed"/> is told.
    /// </summary>
    public static async Task<PidFile?> WriteWhenFreeAsync(string path, Action<Exception> failed, CancellationToken end)
    {
        try
        {
            while (path.Length > 0 && OwnerOf(path) is { } owner && owner != Environment.ProcessId)
            {
                await Task.Delay(LookInterval, end);
            }

            return Write(path);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception failure) when (failure is ProxyFaultException or IOException or UnauthorizedAccessException)
        {
            failed(failure);
            return null;
        }
    }

    /// <summary>Removes it, unless it is somebody else's by now. Any thread; once.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isGone, 1) == 0 && Read(_path) == Environment.ProcessId)
        {
            File.Delete(_path);
        }
    }

    /// <summary>The live process that the file names; null where there is none.</summary>
    private static int? OwnerOf(string path) =>
        Read(path) is { } number && Directory.Exists($"/proc/{number.ToString(CultureInfo.InvariantCulture)}") ? number : null;

    private static int? Read(string path) =>
        File.Exists(path) && int.TryParse(File.ReadAllText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static ProxyFaultException Fault(Exception failure) => new([$"pidfile: {failure.Message}"], isBadFile: false);
}
