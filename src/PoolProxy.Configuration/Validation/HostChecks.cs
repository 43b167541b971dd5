using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Validation;

/// <summary>Lists of hosts and ports that do not go together.</summary>
internal static class HostChecks
{
    public static void Check(ProxyConfiguration configuration, Findings findings)
    {
        foreach (var database in configuration.Databases.Values)
        {
            var hosts = database.Host.Split(',').Length;
            if (database.Ports.Count > 1 && database.Ports.Count != hosts)
                findings.Add(
                    $"port: there are {database.Ports.Count} ports for {hosts} {(hosts == 1 ? "host" : "hosts")}", "Give one port for all hosts, or one for each.", "databases", database.Name, "port");
            else if (database.Servers.GroupBy(server => server).FirstOrDefault(same => same.Count() > 1) is { } twice)
                findings.Add($"host: {twice.Key} comes twice", null, "databases", database.Name, "host");
        }
    }
}
