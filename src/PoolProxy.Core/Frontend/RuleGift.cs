namespace PoolProxy.Core.Frontend;

/// <summary>What a rule gives a session to begin with, in settings of PostgreSQL.</summary>
/// <param name="SearchPath"><c>search_path</c>; null leaves it.</param>
/// <param name="IsReadOnly"><c>default_transaction_read_only</c> is on.</param>
internal readonly record struct RuleGift(string? SearchPath, bool IsReadOnly)
{
    /// <summary>Names and values; they stand above what the client asked for.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings
    {
        get
        {
            if (SearchPath is not null)
            {
                yield return new("search_path", SearchPath);
            }

            if (IsReadOnly)
            {
                yield return new("default_transaction_read_only", "on");
            }
        }
    }
}
