namespace PoolProxy.Configuration.Change;

/// <summary>A database that came, went, or has other values.</summary>
/// <param name="Name">The section's name.</param>
/// <param name="Kind">What happened. A removed database may still be served by the fallback.</param>
/// <param name="Settings">The keys with other values; empty when it was added or removed.</param>
/// <param name="Logins">The logins that differ; empty when the database was added or removed.</param>
/// <param name="MustReconnect">
/// All of its server connections do not fit any more: each is closed when its client leaves it. Also true where only <c>[proxy]</c>'s TLS or
/// isolation, which it inherits, has changed; and for an added database whose clients the fallback served before.
/// </param>
public sealed record DatabaseChange(string Name, ChangeKind Kind, IReadOnlyList<SettingChange> Settings, IReadOnlyList<LoginChange> Logins, bool MustReconnect);
