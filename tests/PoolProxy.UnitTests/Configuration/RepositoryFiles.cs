namespace PoolProxy.UnitTests.Configuration;

/// <summary>Finds files of the repository from wherever the tests run.</summary>
internal static class RepositoryFiles
{
    public static string Read(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "PoolProxy.sln"))) return File.ReadAllText(Path.Combine(folder.FullName, path));
        throw new FileNotFoundException(path);
    }
}
