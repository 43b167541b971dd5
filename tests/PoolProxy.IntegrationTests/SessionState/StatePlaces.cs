using PoolProxy.IntegrationTests.Statements;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;

namespace PoolProxy.IntegrationTests.SessionState;

/// <summary>Proxies with a <c>session_state</c>, and how a statement reaches them.</summary>
internal static class StatePlaces
{
    /// <summary>Each version, by the simple protocol and by the extended one.</summary>
    public static IEnumerable<object[]> VersionsAndProtocols =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from protocol in (string[])["simple", "unnamed", "named"]
        select new object[] { major, protocol };

    /// <summary>A database of that version behind a proxy of one server, or more.</summary>
    public static Task<KeptPlace> StartAsync(int major, string policy, int size = 1, string proxy = "", string mode = "transaction") =>
        KeptPlace.StartAsync(major, $"admin_users = \"admin\"\n{proxy}", $"session_state = \"{policy}\"", mode, size);

    /// <summary>Runs one statement by the protocol of that name.</summary>
    public static Task<IReadOnlyList<WireMessage>> RunAsync(this RawClient client, string protocol, string sql)
    {
        if (protocol == "simple")
            return client.QueryAsync(sql);
        string name = protocol == "named" ? $"s{sql.GetHashCode(StringComparison.Ordinal):x}" : "";
        if (name.Length > 0)
            client.CloseStatement(name);
        return client.Parse(name, sql).Bind("", name).Execute().Sync().RoundTripAsync();
    }

    /// <summary>The console's word for what keeps a server with each client, in order of arrival.</summary>
    public static async Task<IReadOnlyList<string?>> PinnedAsync(this KeptPlace place)
    {
        await using RawClient console = await place.Proxy.LoginAsync("admin", "pgbouncer");
        IReadOnlyList<WireMessage> answer = await console.QueryAsync("show clients");
        return [.. answer.Where(message => message.Name == "DataRow").Where(row => row.Values[2] == "app").Select(row => row.Values[^2])];
    }
}
