namespace PoolProxy.Configuration.Change;

/// <summary>One key with another value, as SHOW CONFIG prints them; secrets print hidden on both sides.</summary>
/// <param name="Name">The key.</param>
/// <param name="Before">The running value; null where it was not set.</param>
/// <param name="After">The wanted value; null where it is not set.</param>
public sealed record SettingChange(string Name, string? Before, string? After)
{
    /// <summary>A line for the log.</summary>
    public override string ToString() => $"{Name}: {Before ?? "(not set)"} -> {After ?? "(not set)"}";
}
