namespace PoolProxy.Configuration.Hba;

/// <summary>What an <c>auth_hba_file</c> holds.</summary>
/// <param name="Lines">Its lines in order: the first that fits decides.</param>
/// <param name="Faults">What is wrong; with any, the lines are not to be used.</param>
public sealed record HbaResult(IReadOnlyList<HbaLine> Lines, IReadOnlyList<ConfigurationFault> Faults);
