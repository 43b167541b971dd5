namespace PoolProxy.Configuration.Catalogue;

/// <summary>Finds the known name that somebody may have meant.</summary>
public static class NearestName
{
    /// <summary>The name with the fewest edits, if they are few for its length; null if nothing is near.</summary>
    public static string? Find(string unknown, IEnumerable<string> known)
    {
        string? nearest = null;
        var fewest = 1 + Math.Max(2, unknown.Length / 3);
        if (unknown.Length > 64) return null;
        foreach (var name in known)
        {
            // A name cut short, such as reserve_pool, is nearer than its missing letters say.
            var edits = unknown.Length > 3 && name.StartsWith(unknown, StringComparison.OrdinalIgnoreCase) ? 1 : CountEdits(unknown, name);
            if (edits < fewest && edits < name.Length) (nearest, fewest) = (name, edits);
        }
        return nearest;
    }

    // Levenshtein's distance, a row at a time; letters compare without case.
    private static int CountEdits(string one, string other)
    {
        var above = new int[other.Length + 1];
        var row = new int[other.Length + 1];
        for (var j = 0; j < above.Length; j++) above[j] = j;
        for (var i = 0; i < one.Length; i++)
        {
            row[0] = i + 1;
            for (var j = 0; j < other.Length; j++)
            {
                var substitution = above[j] + (char.ToLowerInvariant(one[i]) == char.ToLowerInvariant(other[j]) ? 0 : 1);
                row[j + 1] = Math.Min(substitution, Math.Min(above[j + 1], row[j]) + 1);
            }
            (above, row) = (row, above);
        }
        return above[other.Length];
    }
}
