using System.Net;

namespace PoolProxy.Core.Naming;

/// <summary>The system's own table of names, <c>/etc/hosts</c> (hosts(5)): it comes before DNS.</summary>
internal static class HostsFile
{
    /// <summary>Where the system has it.</summary>
    public const string SystemPath = "/etc/hosts";

    /// <summary>The addresses of a name, in the file's order; empty where it is not there.</summary>
    public static IPAddress[] Find(string text, string name)
    {
        var found = new List<IPAddress>();
        foreach (var line in text.Split('\n'))
        {
            var comment = line.IndexOf('#', StringComparison.Ordinal);
            var words = (comment < 0 ? line : line[..comment]).Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && words.Skip(1).Contains(name, StringComparer.OrdinalIgnoreCase) && IPAddress.TryParse(words[0], out var address) && !found.Contains(address))
            {
                found.Add(address);
            }
        }

        return [.. found];
    }
}
