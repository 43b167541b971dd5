using PoolProxy.IntegrationTests.Admin;
using PoolProxy.IntegrationTests.Statements;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using PoolProxy.Testing.Wire;

namespace PoolProxy.IntegrationTests.Notifications;

/// <summary>What tests of LISTEN do again and again.</summary>
internal static class ListenPlaces
{
    /// <summary>The application_name of a server that listens.</summary>
    public const string Listener = "poolproxy listen";

    /// <summary>A database of that version behind a proxy with three servers, one of which may listen.</summary>
    public static Task<KeptPlace> StartAsync(int major, string policy = "shared", int size = 3, string proxy = "") =>
        KeptPlace.StartAsync(major, $"admin_users = \"admin\"\n{proxy}", $"session_state = \"{policy}\"", size: size);

    /// <summary>The next notification, as channel and payload; whatever else has to come before it fails.</summary>
    public static async Task<string> NotifiedAsync(this RawClient client)
    {
        WireMessage message = await client.ExpectAsync("NotificationResponse");
        return Read(message);
    }

    /// <summary>The notifications among these.</summary>
    public static IEnumerable<string> Notifications(this IEnumerable<WireMessage> messages) => messages.Where(message => message.Name == "NotificationResponse").Select(Read);

    /// <summary>
    /// On which of the channels the client listens: each is notified of by PostgreSQL itself, and in the end one that it surely listens on.
    /// </summary>
    public static async Task<string> HeardAsync(this RawClient client, KeptPlace place, string surely, params string[] channels)
    {
        await place.Database.ExecuteAsync(string.Concat(channels.Append(surely).Select(channel => $"notify \"{channel}\", 'x';")));
        var heard = new List<string>();
        while (true)
        {
            string next = await client.NotifiedAsync();
            if (next == $"{surely} x")
                return string.Join(' ', heard.Select(text => text.Split(' ')[0]));
            heard.Add(next);
        }
    }

    /// <summary>How many servers listen for clients, as PostgreSQL sees it.</summary>
    public static Task<int> ListenersAsync(this KeptPlace place) =>
        place.Database.QueryAsync<int>($"select count(*)::int from pg_stat_activity where datname = '{place.Database.Name}' and application_name = '{Listener}'");

    /// <summary>Ends the servers that listen.</summary>
    public static Task EndListenersAsync(this KeptPlace place) =>
        place.Database.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{place.Database.Name}' and application_name = '{Listener}'");

    /// <summary>What SHOW CLIENTS says of each client of the database in that column, in order of arrival.</summary>
    public static async Task<string> ShownAsync(this ProxyUnderTest proxy, string column)
    {
        await using RawClient console = await proxy.LoginAsync("admin", "pgbouncer");
        return string.Join(' ', (await console.RowsAsync("SHOW CLIENTS")).Where(row => row["database"] == "app").Select(row => row[column]));
    }

    private static string Read(WireMessage message) => $"{ChannelOf(message)} {PayloadOf(message)}";

    private static string ChannelOf(WireMessage message) => Parts(message)[0];

    private static string PayloadOf(WireMessage message) => Parts(message)[1];

    private static string[] Parts(WireMessage message) => System.Text.Encoding.UTF8.GetString(message.Body[sizeof(int)..]).Split('\0');
}
