namespace PoolProxy.Load.Peers;

/// <summary>A proxy that takes part: a program, and how its configuration is written.</summary>
/// <param name="name">What it is called in the tables.</param>
/// <param name="version">What it says of its version.</param>
internal abstract class Contender(string name, string version)
{
    /// <summary>What it is called in the tables.</summary>
    public string Name { get; } = name;

    /// <summary>What it says of its version.</summary>
    public string Version { get; } = version;

    /// <summary>Why it cannot do what the workload asks; null where it can.</summary>
    public virtual string? WhyNot(Setup setup) => setup.Login == LoginMethod.Token ? "it takes no tokens" : null;

    /// <summary>Writes its configuration files into the place's folder.</summary>
    public abstract Launch Configure(Setup setup, World world, Place place);

    /// <summary>A look at the started proxy, before it counts.</summary>
    /// <returns>Why it does not count; null where it does.</returns>
    public virtual Task<string?> InspectAsync(Setup setup, World world, Place place) => Task.FromResult<string?>(null);
}
