using System.Globalization;
using System.Text;

namespace PoolProxy.Sandbox.Postgres;

/// <summary>Writes the three configuration files of a cluster whole, so that nothing in them comes from elsewhere.</summary>
internal static class ClusterConfiguration
{
    /// <summary>Writes postgresql.conf, pg_hba.conf and pg_ident.conf, and the certificate and key that they name.</summary>
    public static void Write(PostgresCluster cluster)
    {
        string dataFolder = cluster.DataFolder;
        var all = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = cluster.Port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = cluster.SocketFolder,
            ["max_connections"] = "200",
            ["shared_buffers"] = "32MB",
            // Nothing here outlives the machine, so nothing has to reach the disk. synchronous_commit stays on: a commit must
            // reach the kernel, or an immediate stop would lose it.
            ["fsync"] = "off",
            ["full_page_writes"] = "off",
            ["max_wal_size"] = "256MB",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["lc_messages"] = "C",
            ["log_line_prefix"] = "%m [%p] %q%u@%d ",
            ["logging_collector"] = "off",
        };
        if (cluster.Certificate is { } certificate)
        {
            all["ssl"] = "on";
            all["ssl_cert_file"] = Adopt(certificate.CertificateFile, dataFolder, "server.crt");
            all["ssl_key_file"] = Adopt(certificate.KeyFile, dataFolder, "server.key");
        }
        if (cluster.ClientAuthorityFile is { } authority)
        {
            all["ssl_ca_file"] = Adopt(authority, dataFolder, "client-ca.crt");
        }
        foreach ((string name, string value) in cluster.Settings)
        {
            all[name] = value;
        }
        var text = new StringBuilder();
        foreach ((string name, string value) in all)
        {
            text.Append(name).Append(" = '").Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)).Append("'\n");
        }
        Replace(Path.Combine(dataFolder, "postgresql.conf"), text.ToString());
        Replace(Path.Combine(dataFolder, "pg_hba.conf"), Lines([$"local all {PostgresCluster.Superuser} trust", .. cluster.HbaLines]));
        Replace(Path.Combine(dataFolder, "pg_ident.conf"), Lines(cluster.IdentLines));
    }

    /// <summary>Makes a standby of a cluster that has not started yet.</summary>
    public static void Follow(PostgresCluster standby, PostgresCluster primary)
    {
        standby.Settings["primary_conninfo"] = string.Create(
            CultureInfo.InvariantCulture, $"host={primary.Host} port={primary.Port} user={PostgresCluster.Superuser} application_name=standby");
        Replace(Path.Combine(standby.DataFolder, "standby.signal"), "");
    }

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));

    /// <summary>Copies a file into the data folder: PostgreSQL insists on a key that belongs to its own account and nobody else can read.</summary>
    private static string Adopt(string file, string dataFolder, string name)
    {
        Replace(Path.Combine(dataFolder, name), File.ReadAllText(file));
        return name;
    }

    private static void Replace(string path, string text)
    {
        File.Delete(path);
        using (var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
        }
        ServerAccount.Give(path);
    }
}
