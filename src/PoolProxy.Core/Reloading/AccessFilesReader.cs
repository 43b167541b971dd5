using System.Text;
using PoolProxy.Configuration;
using PoolProxy.Configuration.Hba;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Methods;

namespace PoolProxy.Core.Reloading;

/// <summary>Reads <c>auth_hba_file</c> and <c>auth_ident_file</c> with the files that they name. Blocks on files; never called on a loop.</summary>
internal static class AccessFilesReader
{
    private static readonly AccessFiles Files = new(ReadFile, ListFolder);

    /// <summary>The lines, those of auth_type = "hba" alone; with a fault they are not to be used.</summary>
    public static HbaRules Read(ProxyConfiguration configuration, SourceMap positions, ICollection<string> faults)
    {
        var proxy = configuration.Proxy;
        var found = new List<ConfigurationFault>();
        if (proxy.AuthType == AuthType.Ldap)
        {
            found.AddRange(OutsideChecks.Ldap(positions.File, positions.Find("proxy", "auth_type")));
        }
        else if (proxy.AuthType == AuthType.Pam)
        {
            found.AddRange(OutsideChecks.Pam(positions.File, positions.Find("proxy", "auth_type")));
        }

        var rules = proxy.AuthHbaFile.Length == 0 ? HbaRules.None : ReadRules(configuration, positions, found);
        foreach (var fault in found)
        {
            faults.Add(fault.ToString());
        }

        return rules;
    }

    private static HbaRules ReadRules(ProxyConfiguration configuration, SourceMap positions, List<ConfigurationFault> found)
    {
        var proxy = configuration.Proxy;
        var memberships = Memberships.Of(configuration.Users);
        var maps = IdentResult.NoMaps;
        if (proxy.AuthIdentFile.Length > 0 && Open("auth_ident_file", proxy.AuthIdentFile, positions, found) is { } map)
        {
            var ident = IdentReader.Read(map, proxy.AuthIdentFile, Files, memberships);
            found.AddRange(ident.Faults);
            maps = ident.Maps;
        }

        if (Open("auth_hba_file", proxy.AuthHbaFile, positions, found) is not { } text)
        {
            return HbaRules.None;
        }

        var hba = HbaReader.Read(text, proxy.AuthHbaFile, Files, maps, memberships);
        found.AddRange(hba.Faults);
        found.AddRange(HbaChecks.Check(hba.Lines, configuration));
        return HbaRules.Of(hba.Lines, memberships);
    }

    private static string? Open(string setting, string file, SourceMap positions, List<ConfigurationFault> found)
    {
        var (text, failure) = ReadFile(file);
        if (text is null)
        {
            found.Add(positions.Fault($"{setting}: {file}: {(failure is null or "" ? "there is no such file" : failure)}", null, "proxy", setting));
        }

        return text;
    }

    private static (string? Text, string? Failure) ReadFile(string path)
    {
        try
        {
            // To the end of what is allowed and no further: a name may be that of a device, or of something huge.
            using var reader = new StreamReader(path);
            var text = new StringBuilder();
            var piece = new char[16 * 1024];
            while (text.Length <= AccessFiles.MaxTextLength && reader.Read(piece) is > 0 and var count)
            {
                text.Append(piece, 0, count);
            }

            return text.Length <= AccessFiles.MaxTextLength ? (text.ToString(), null) : (null, $"the file is longer than {AccessFiles.MaxTextLength} characters");
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, "");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, failure.Message);
        }
    }

    private static (IReadOnlyList<string>? Names, string? Failure) ListFolder(string folder)
    {
        try
        {
            return ([.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file))], null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, failure.Message);
        }
    }
}
