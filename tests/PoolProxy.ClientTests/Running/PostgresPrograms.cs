namespace PoolProxy.ClientTests.Running;

/// <summary>PostgreSQL's own client programs, which the npm package does not bring.</summary>
internal static class PostgresPrograms
{
    /// <summary>The path of <c>psql</c>, <c>pgbench</c> …: from PATH, else from Debian's folder of the newest version.</summary>
    public static string Find(string name)
    {
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(folder => Path.Combine(folder, "bin")) : []);
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new ForeignProgramException($"{name} was not found: install Debian's postgresql");
    }
}
