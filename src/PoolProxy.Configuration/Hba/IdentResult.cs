namespace PoolProxy.Configuration.Hba;

/// <summary>What an <c>auth_ident_file</c> holds.</summary>
/// <param name="Maps">Its maps by name.</param>
/// <param name="Faults">What is wrong; with any, the maps are not to be used.</param>
public sealed record IdentResult(IReadOnlyDictionary<string, IdentMap> Maps, IReadOnlyList<ConfigurationFault> Faults)
{
    /// <summary>Of no file.</summary>
    public static IReadOnlyDictionary<string, IdentMap> NoMaps { get; } = new Dictionary<string, IdentMap>();
}
