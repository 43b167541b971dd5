using PoolProxy.Load.Peers;

namespace PoolProxy.Load.Workloads;

/// <summary>One way to set a contender up.</summary>
/// <param name="Name">Added to the contender's name; empty for the plain way.</param>
/// <param name="Setup">The setup.</param>
internal sealed record Variation(string Name, Setup Setup);
