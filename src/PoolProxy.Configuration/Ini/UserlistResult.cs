using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Ini;

/// <summary>What an <c>auth_file</c> holds.</summary>
/// <param name="Users">Name to password or verifier; where a name stands twice, the last counts, as in PgBouncer.</param>
/// <param name="Faults">Lines that are not of the file's form; the other lines were read.</param>
public sealed record UserlistResult(IReadOnlyDictionary<string, Secret> Users, IReadOnlyList<ConfigurationFault> Faults);
