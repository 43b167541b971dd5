namespace PoolProxy.Configuration.Change;

/// <summary>A login of a database that came, went, or has other values.</summary>
/// <param name="Role">The role that it serves.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Settings">The keys with other values; empty when it was added or removed.</param>
/// <param name="MustReconnect">Its server connections do not fit any more: each is closed when its client leaves it.</param>
public sealed record LoginChange(string Role, ChangeKind Kind, IReadOnlyList<SettingChange> Settings, bool MustReconnect);
