namespace PoolProxy.Load.Peers;

/// <summary>Where an entrant lives.</summary>
/// <param name="Folder">A folder of its own that the proxy's account can read and write; its configuration files are saved with the result.</param>
/// <param name="Port">A free port of 127.0.0.1.</param>
internal sealed record Place(string Folder, int Port)
{
    /// <summary>The path of a file in the folder.</summary>
    public string File(string name) => Path.Combine(Folder, name);
}
