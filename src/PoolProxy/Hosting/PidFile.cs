using System.Globalization;
using PoolProxy.Core;

namespace PoolProxy.Hosting;

/// <summary>
/// The file of setting <c>pidfile</c>: holds this process's number while it runs. One that a live process has written is not overwritten:
/// two proxies would each believe that it names them.
/// </summary>
internal sealed class PidFile : IDisposable
{
    private readonly string _path;

    private PidFile(string path) => _path = path;

    /// <summary>Writes the file; null where none is wanted.</summary>
    /// <exception cref="ProxyFaultException">Another process has it, or it cannot be written.</exception>
    public static PidFile? Write(string path)
    {
        if (path.Length == 0)
        {
            return null;
        }

        try
        {
            if (File.Exists(path)
                && int.TryParse(File.ReadAllText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var other)
                && other != Environment.ProcessId
                && Directory.Exists($"/proc/{other.ToString(CultureInfo.InvariantCulture)}"))
            {
                throw new ProxyFaultException([$"pidfile {path} names process {other}, which is running"], isBadFile: false);
            }

            File.WriteAllText(path, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
            return new PidFile(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProxyFaultException([$"pidfile: {failure.Message}"], isBadFile: false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => File.Delete(_path);
}
