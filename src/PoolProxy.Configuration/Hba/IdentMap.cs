namespace PoolProxy.Configuration.Hba;

/// <summary>The lines of <c>auth_ident_file</c> that have one name.</summary>
/// <param name="Name">What <c>map=</c> calls it.</param>
/// <param name="Entries">At least one.</param>
public sealed record IdentMap(string Name, IReadOnlyList<IdentEntry> Entries)
{
    /// <summary>Whether one of its lines lets <paramref name="systemName"/> in as <paramref name="user"/>.</summary>
    public bool Admits(string systemName, string user, Memberships memberships) => Entries.Any(entry => entry.Admits(systemName, user, memberships));
}
