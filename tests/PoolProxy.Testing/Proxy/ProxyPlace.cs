namespace PoolProxy.Testing.Proxy;

/// <summary>Where a proxy under test lives; its configuration text is written around it.</summary>
/// <param name="Folder">A folder of its own, which holds pool.toml and may hold the files that it names; also the folder of its Unix socket.</param>
/// <param name="Port">A free port of 127.0.0.1.</param>
public sealed record ProxyPlace(string Folder, int Port)
{
    /// <summary>The full path of a file in the folder.</summary>
    public string File(string name) => Path.Combine(Folder, name);
}
