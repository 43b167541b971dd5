namespace PoolProxy.Sandbox.Postgres;

/// <summary>
/// Initialised data folders in the cache, one per version and account: initdb takes half a second, a copy a tenth of that.
/// </summary>
internal static class ClusterTemplate
{
    // Raise it when the arguments of initdb change: older templates are then left alone and unused.
    private const int Format = 1;

    /// <summary>The folder to copy. It belongs to the servers' account and no server has ever run on it.</summary>
    /// <exception cref="SandboxException">initdb failed; its output is in the message.</exception>
    public static async Task<string> GetAsync(PostgresBinaries binaries, CancellationToken cancellation)
    {
        string name = $"initdb{Format}-{binaries.Version}-{ServerAccount.Current?.Name ?? Environment.UserName}";
        string folder = Path.Combine(CacheFolder.Path, name);
        string done = Path.Combine(folder, "PG_VERSION");
        if (File.Exists(done))
        {
            return folder;
        }
        using IDisposable turn = await CacheFolder.LockAsync(name, cancellation);
        if (File.Exists(done))
        {
            return folder;
        }
        // Made beside its place and then renamed, so that a folder with the final name is whole.
        string unfinished = folder + ".part";
        foreach (string leftover in new[] { unfinished, folder }.Where(Directory.Exists))
        {
            Directory.Delete(leftover, recursive: true);
        }
        CacheFolder.Create(name + ".part");
        ServerAccount.Give(unfinished);
        (string program, IEnumerable<string> arguments) = ServerAccount.Wrap(binaries.Program("initdb"), [
            "-D", unfinished, "-U", PostgresCluster.Superuser, "--locale=C", "-E", "UTF8", "-A", "trust", "--no-sync", "--no-instructions"]);
        (int status, string output) = await ChildProcess.RunAsync(program, arguments, cancellation: cancellation);
        if (status != 0)
        {
            throw new SandboxException($"initdb of {binaries.Folder} ended with {status}:\n{output.TrimEnd()}");
        }
        Directory.Move(unfinished, folder);
        return folder;
    }
}
