using PoolProxy.Sandbox;

namespace PoolProxy.ClientTests.Running;

/// <summary>The packages of the node clients, in the cache folder; installed by npm where they are missing.</summary>
internal static class NodePackages
{
    private static readonly string[] Wanted = ["pg@8.23.1", "postgres@3.4.9"];
    private static readonly Lazy<Task<string>> Installed = new(InstallAsync);

    /// <summary>The folder for <c>NODE_PATH</c>.</summary>
    public static Task<string> FolderAsync() => Installed.Value;

    private static async Task<string> InstallAsync()
    {
        using IDisposable turn = await CacheFolder.LockAsync("node-clients");
        string folder = CacheFolder.Create("node-clients");
        string modules = Path.Combine(folder, "node_modules");
        if (!Wanted.All(package => File.Exists(Path.Combine(modules, package.Split('@')[0], "package.json"))))
        {
            var npm = new ForeignProgram("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", .. Wanted], "Debian's npm")
            {
                Deadline = TimeSpan.FromMinutes(5),
            };
            // npm has to reach its registry, by a proxy where there is one.
            foreach ((string name, string value) in SandboxEnvironment.Original)
            {
                npm.With(name, value);
            }
            await npm.RunWellAsync();
        }
        return modules;
    }
}
