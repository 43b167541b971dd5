namespace PoolProxy.Configuration.Toml;

/// <summary>A document that was read.</summary>
/// <param name="Root">Everything that could be read; with faults, what stood at them is missing.</param>
/// <param name="Faults">In the text's order; at most <see cref="TomlLimits.MaxFaults"/>.</param>
public sealed record TomlDocument(TomlTable Root, IReadOnlyList<TomlFault> Faults);
