using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Frontend;

/// <summary>Reads the value of the startup parameter <c>replication</c> as PostgreSQL does: <c>database</c>, or a boolean with its abbreviations.</summary>
internal static class ReplicationWord
{
    private static readonly (string Word, int Shortest, ReplicationKind Kind)[] Words =
    [
        ("true", 1, ReplicationKind.Physical), ("yes", 1, ReplicationKind.Physical), ("on", 2, ReplicationKind.Physical), ("1", 1, ReplicationKind.Physical),
        ("false", 1, ReplicationKind.None), ("no", 1, ReplicationKind.None), ("off", 2, ReplicationKind.None), ("0", 1, ReplicationKind.None),
    ];

    /// <summary>False where the value is no such word.</summary>
    public static bool TryRead(string value, out ReplicationKind kind)
    {
        kind = ReplicationKind.Logical;
        if (value == "database")
        {
            return true;
        }

        foreach (var (word, shortest, meaning) in Words)
        {
            if (value.Length >= shortest && word.StartsWith(value, StringComparison.OrdinalIgnoreCase))
            {
                kind = meaning;
                return true;
            }
        }

        return false;
    }
}
