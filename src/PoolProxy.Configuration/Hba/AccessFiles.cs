namespace PoolProxy.Configuration.Hba;

/// <summary>The files that an HBA or ident file names in turn, which this project does not open itself.</summary>
/// <param name="Read">The text of a file, or null and why it cannot be read. Not found is told apart by an empty reason.</param>
/// <param name="List">The names of the files in a folder, without it, or null and why it cannot be read.</param>
public sealed record AccessFiles(Func<string, (string? Text, string? Failure)> Read, Func<string, (IReadOnlyList<string>? Names, string? Failure)> List)
{
    /// <summary>The longest file that is read, in characters.</summary>
    public const int MaxTextLength = 4 * 1024 * 1024;

    /// <summary>No file but the one that is given.</summary>
    public static AccessFiles None { get; } = new(_ => (null, "no other files are read here"), _ => (null, "no other files are read here"));
}
