using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration;

/// <summary>What reading a file gave: a model without faults, or the faults.</summary>
/// <param name="Configuration">The model; null if and only if there are faults.</param>
/// <param name="Faults">Every fault found, in the file's order.</param>
/// <param name="Positions">Where everything stood.</param>
/// <param name="Notes">Settings that were read and have nothing to say here, each with the reason.</param>
public sealed record ConfigurationResult(ProxyConfiguration? Configuration, IReadOnlyList<ConfigurationFault> Faults, SourceMap Positions, IReadOnlyList<ConfigurationFault> Notes);
