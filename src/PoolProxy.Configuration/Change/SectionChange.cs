namespace PoolProxy.Configuration.Change;

/// <summary>A named section that came, went, or has other values: a user or an issuer.</summary>
/// <param name="Name">The section's name.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Settings">The keys with other values; empty when it was added or removed.</param>
public sealed record SectionChange(string Name, ChangeKind Kind, IReadOnlyList<SettingChange> Settings);
