namespace PoolProxy.Core.Doctor;

/// <summary>What was found on one upstream.</summary>
/// <param name="Upstream">The upstream.</param>
/// <param name="Version">As the server says it: <c>15.9</c>; null where it could not be asked.</param>
/// <param name="Findings">In the order of the checks; what another upstream of the same server has said already is left out.</param>
/// <param name="Trouble">Why it could not be looked at; null where it could.</param>
internal sealed record UpstreamReport(Upstream Upstream, string? Version, IReadOnlyList<Finding> Findings, string? Trouble);
