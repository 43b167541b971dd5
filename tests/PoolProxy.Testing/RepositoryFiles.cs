namespace PoolProxy.Testing;

/// <summary>Finds files of the repository from wherever the tests run.</summary>
public static class RepositoryFiles
{
    /// <summary>The repository's folder.</summary>
    /// <exception cref="DirectoryNotFoundException">The tests do not run inside of it.</exception>
    public static string Root
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "PoolProxy.sln")))
                {
                    return folder.FullName;
                }
            }
            throw new DirectoryNotFoundException("PoolProxy.sln is in no folder above " + AppContext.BaseDirectory);
        }
    }

    /// <summary>The path of a file, by its path in the repository.</summary>
    public static string PathOf(string path) => Path.Combine(Root, path);

    /// <summary>The text of a file, by its path in the repository.</summary>
    public static string Read(string path) => File.ReadAllText(PathOf(path));
}
