using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.IntegrationTests.Pipelining;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;

namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>
/// Where attacks take place: a server of its own with few locks and dblink, a proxy with a pool of one or a busy pool, the victims (alice, of mallory's
/// role, and wendy, of another), and another session of the login.
/// </summary>
internal sealed class EscapePlace : IAsyncDisposable
{
    private const string Key = "the key of the escape suite, 0123456789";

    private readonly PostgresCluster _cluster;
    private readonly bool _pipelines;
    private readonly Bystanders? _bystanders;
    private readonly Dictionary<Who, RawClient> _residents = [];
    private RawClient? _sibling;

    private EscapePlace(PostgresCluster cluster, Installation here, RawClient administrator, string level, PoolKind kind)
    {
        _pipelines = kind.HasFlag(PoolKind.Pipelining);
        Administrator = administrator;
        _cluster = cluster;
        Here = here;
        Level = level;
        _bystanders = kind.HasFlag(PoolKind.Busy) ? Bystanders.Start(here, kind.HasFlag(PoolKind.Pipelining)) : null;
    }

    public Installation Here { get; }

    /// <summary>The superuser, past the proxy.</summary>
    public RawClient Administrator { get; }

    public string Level { get; }

    public int Major => _cluster.Binaries.Major;

    public PostgresCluster Cluster => _cluster;

    public bool IsBusy => _bystanders is not null;

    /// <summary>The process id of another session of the login, whose query is a secret.</summary>
    public int SiblingId { get; private set; }

    public static async Task<EscapePlace> StartAsync(int major, string level, PoolKind kind)
    {
        PostgresCluster cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions
        {
            Wish = PostgresWish.Exactly(major),
            Settings = new Dictionary<string, string> { ["max_connections"] = "25", ["max_locks_per_transaction"] = "10" },
            HbaLines = ["local all all trust", "host all dblinker 127.0.0.1/32 scram-sha-256", "host all all 127.0.0.1/32 trust"],
        });
        TestDatabase database = await TestDatabase.CreateAsync(cluster);
        Installation here = await Installation.StartAsync(major, new InstallationOptions
        {
            Level = level,
            PoolSize = kind.HasFlag(PoolKind.Busy) ? 4 : 1,
            Database = database,
            // Where a login fails for good somebody waits in vain for as long; on a busy pool waiting is nothing special, and nothing to be told of.
            Proxy = $"server_login_retry = \"50ms\"\nquery_wait_timeout = {(kind.HasFlag(PoolKind.Busy) ? 15 : 5)}\nquery_wait_notify = 0\nmax_client_conn = 200",
            DatabaseLines = $"identity_key = \"{Key}\"\nallow_unsafe_login = true\npipelining = {(kind.HasFlag(PoolKind.Pipelining) ? "true" : "false")}",
        });
        await database.ExecuteAsync(RepositoryFiles.Read("conf/identity.sql"));
        await database.ExecuteAsync($"""
            select poolproxy.add_key('{Key}');
            create extension dblink;
            create role dblinker login password 'dblinker';
            create table letters (owner text not null, body text not null);
            insert into letters values ('alice', 'to alice'), ('mallory', 'to mallory');
            grant select on letters to {here.Readers}, {here.Writers};
            alter table letters enable row level security;
            create policy signed on letters to {here.Readers}, {here.Writers} using (owner = (select poolproxy.subject()));
            """);
        var place = new EscapePlace(cluster, here, await database.ConnectRawAsync(), level, kind);
        await place.RepairAsync([]);
        return place;
    }

    /// <summary>Every free server of the pool is closed.</summary>
    public async Task CloseServersAsync()
    {
        await Here.Proxy.Server.PauseAsync(isPaused: true);
        await Here.Proxy.Server.PauseAsync(isPaused: false);
    }

    /// <summary>Everything as it was, as soon as there are locks for it: what mallory made is gone, logins are what they were, the sibling is there.</summary>
    public async Task RepairAsync(string[] repairs)
    {
        string memberships = Major >= 16 ? " with inherit false, set true" : "";
        foreach (string repair in repairs)
        {
            await Administrator.DoAsync(Text(repair));
        }
        await WaitFor.EqualAsync("(nothing)", () => Administrator.SaysAsync($"""
            alter role {Here.Login} login password null; alter role {Here.Login} reset all; alter role {Here.Readers} reset all;
            grant {Here.Readers} to {Here.Login}{memberships};
            set client_min_messages = warning;
            drop schema if exists arena cascade;
            create schema arena;
            grant all on schema arena to {Here.Readers}, {Here.Writers}
            """));
        if (_sibling is null || !await IsAliveAsync(_sibling))
        {
            _sibling = await Here.Database.ConnectRawAsync(Here.Login);
            SiblingId = await _sibling.BackendIdAsync();
            await _sibling.DoAsync($"create temp table siblings_own as select 1 as x; grant select on siblings_own to public; set role {Here.Readers}");
        }
        await _sibling.DoAsync("select 'a secret of the sibling'");
    }

    /// <summary>What somebody says who is asked behind each attack, and was there before it.</summary>
    public async Task<IReadOnlyList<WireMessage>> AskResidentAsync(Who who, string sql)
    {
        if (_residents.TryGetValue(who, out RawClient? resident))
        {
            try
            {
                return await resident.QueryAsync(sql);
            }
            // Ended, with its server or by a timeout.
            catch (IOException)
            {
                await resident.DisposeAsync();
            }
        }
        return await (_residents[who] = await LoginAsync(who)).QueryAsync(sql);
    }

    public Task<RawClient> LoginAsync(Who who) => who == Who.Writer ? Here.LoginAsync("wendy", Here.Writer("wendy")) : Here.LoginAsync("alice");

    /// <summary>What a text with names in braces says here.</summary>
    public string Text(string sql) => sql
        .Replace("{readers}", Here.Readers, StringComparison.Ordinal)
        .Replace("{writers}", Here.Writers, StringComparison.Ordinal)
        .Replace("{login}", Here.Login, StringComparison.Ordinal)
        .Replace("{port}", $"{_cluster.Port}", StringComparison.Ordinal)
        .Replace("{database}", Here.Database.Name, StringComparison.Ordinal)
        .Replace("{sibling}", $"{SiblingId}", StringComparison.Ordinal);

    /// <summary>Something is about to be tried: a busy pool gets busy.</summary>
    public void Begin() => _bystanders?.Begin();

    /// <summary>Nothing is tried here for the moment.</summary>
    public void Rest() => _bystanders?.Rest();

    /// <summary>The bystanders of a busy pool have seen nothing but their own.</summary>
    public void ExpectBystandersUnharmed() => _bystanders?.ExpectUnharmed();

    public async ValueTask DisposeAsync()
    {
        long? pipelined = _pipelines && IsBusy ? await PipelinedAsync() : null;
        if (_bystanders is not null)
        {
            await _bystanders.DisposeAsync();
        }
        foreach (RawClient client in _residents.Values.Append(Administrator))
        {
            await client.DisposeAsync();
        }
        if (_sibling is not null)
        {
            await _sibling.DisposeAsync();
        }
        await Here.DisposeAsync();
        await _cluster.DisposeAsync();
        if (pipelined == 0)
        {
            throw new InvalidOperationException("no request went behind another: what was tried here was tried without pipelining");
        }
    }

    private async Task<long> PipelinedAsync()
    {
        await using RawClient console = await Here.Proxy.LoginAsync("watcher", "pgbouncer", Here.Issuer.Token("watcher").Groups("watchers").Build());
        return await PipelinePlay.PipelinedAsync(console);
    }

    private static async Task<bool> IsAliveAsync(RawClient client)
    {
        try
        {
            await client.DoAsync("select 1 from siblings_own");
            return true;
        }
        // Ended, or robbed of its table: by the attack.
        catch (Exception error) when (error is IOException or InvalidDataException or TimeoutException)
        {
            await client.DisposeAsync();
            return false;
        }
    }
}
