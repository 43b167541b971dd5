using System.Text;
using PoolProxy.Configuration;
using PoolProxy.Configuration.Ini;

namespace PoolProxy.Core.Reloading;

/// <summary>A configuration file, whichever of the two forms it has, with the files that it includes. Blocks on files; never called on a loop.</summary>
internal static class ConfigurationFiles
{
    /// <summary>Reads the bytes of the file at <paramref name="path"/>.</summary>
    public static ConfigurationResult Read(byte[] bytes, string path)
    {
        // A pgbouncer.ini has no encoding; PgBouncer passes bytes on.
        var text = Encoding.UTF8.GetString(bytes);
        return ConfigurationReader.IsIni(text, path) ? ConfigurationReader.ReadIni(text, path, Include) : ConfigurationReader.Read(bytes, path);
    }

    /// <summary>The pool.toml that means what the pgbouncer.ini at <paramref name="path"/> means, or null, with the faults.</summary>
    public static (string? Toml, IReadOnlyList<string> Faults) Convert(string path)
    {
        try
        {
            var (toml, result) = IniConversion.Convert(File.ReadAllText(path), path, Include, configuration => NamedFiles.Resolve(configuration, Environment.CurrentDirectory));
            return (toml, [.. result.Faults.Select(fault => fault.ToString())]);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return (null, [$"{path}: {failure.Message}"]);
        }
    }

    /// <summary>
    /// Where files with relative names lie: beside a pool.toml, wherever the proxy was started; for a pgbouncer.ini where it was started, as with PgBouncer.
    /// </summary>
    public static string FolderOf(string path) => Path.GetExtension(path) == ".ini" ? Environment.CurrentDirectory : Path.GetDirectoryName(Path.GetFullPath(path))!;

    private static (string? Text, string? Failure) Include(string name)
    {
        try
        {
            return (File.ReadAllText(name), null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, failure.Message);
        }
    }
}
