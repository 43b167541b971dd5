using System.Diagnostics;

namespace PoolProxy.Sandbox;

/// <summary>
/// The folder where a sandbox keeps what is slow to make: the npm package with PostgreSQL, and initialised data folders.
/// <c>/var/cache/poolproxy</c> as root, else <c>$XDG_CACHE_HOME/poolproxy</c> or <c>~/.cache/poolproxy</c>. Removing it is always safe.
/// </summary>
public static class CacheFolder
{
    private static readonly TimeSpan LockDeadline = TimeSpan.FromMinutes(5);

    /// <summary>The folder's path; it may not exist yet.</summary>
    public static string Path { get; } = Locate();

    /// <summary>A folder below the cache, created if need be. Other accounts may enter it: as root, servers run as another account.</summary>
    public static string Create(params string[] names)
    {
        string path = Path;
        CreateOpen(path);
        foreach (string name in names)
        {
            path = System.IO.Path.Combine(path, name);
            CreateOpen(path);
        }
        return path;
    }

    /// <summary>Waits for the lock named <paramref name="name"/>, which holds between processes, until it is disposed.</summary>
    /// <exception cref="SandboxException">Another process has held it for five minutes.</exception>
    public static async Task<IDisposable> LockAsync(string name, CancellationToken cancellation = default)
    {
        string file = System.IO.Path.Combine(Create(), name + ".lock");
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (File.Exists(file))
            {
                if (Stopwatch.GetElapsedTime(started) > LockDeadline)
                {
                    throw new SandboxException($"{file} has been locked by another process for {LockDeadline.TotalMinutes} minutes", error);
                }
            }
            await Task.Delay(50, cancellation);
        }
    }

    private static string Locate()
    {
        if (Environment.IsPrivilegedProcess)
        {
            return "/var/cache/poolproxy";
        }
        string? xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!string.IsNullOrEmpty(xdg) && System.IO.Path.IsPathRooted(xdg))
        {
            return System.IO.Path.Combine(xdg, "poolproxy");
        }
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 0
            ? System.IO.Path.Combine(home, ".cache", "poolproxy")
            : System.IO.Path.Combine("/tmp", "poolproxy-cache-" + Environment.UserName);
    }

    private static void CreateOpen(string path)
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
            // Set apart from the creation, whose mode the umask would cut.
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }
    }
}
