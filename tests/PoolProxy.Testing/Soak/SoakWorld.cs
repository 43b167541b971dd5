using System.Globalization;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing.Proxy;

namespace PoolProxy.Testing.Soak;

/// <summary>The soak's PostgreSQL, its tables, its issuer and the proxy in front.</summary>
internal sealed class SoakWorld : IAsyncDisposable
{
    public const string RoleOfEven = "soak_even";
    public const string RoleOfOdd = "soak_odd";

    private const string Key = "the key of the soak, which is no secret";

    private readonly TestIssuer _issuer;
    private readonly PreludeRemover? _remover;
    private ProxyUnderTest _proxy = null!;

    private SoakWorld(PostgresCluster cluster, TestIssuer issuer, PreludeRemover? remover, int people)
    {
        Cluster = cluster;
        _issuer = issuer;
        _remover = remover;
        People = people;
    }

    public PostgresCluster Cluster { get; }

    public SoakCounts Counts { get; } = new();

    public int People { get; }

    public string DatabaseName => "soak";

    public int Port => _proxy.Port;

    public static async Task<SoakWorld> StartAsync(SoakOptions options)
    {
        PostgresCluster cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions
        {
            Wish = options.Postgres,
            Settings = new Dictionary<string, string> { ["max_connections"] = $"{(options.Servers * 3) + 20}" },
        });
        TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256" });
        PreludeRemover? remover = options.LeavesPreludeOut ? PreludeRemover.Start(cluster.Port) : null;
        var world = new SoakWorld(cluster, issuer, remover, options.People);
        await world.FillAsync();
        world._proxy = await ProxyUnderTest.StartAsync(place => world.Text(place, options, remover?.Port ?? cluster.Port));
        return world;
    }

    /// <summary>Whose rows those are.</summary>
    public string TagOf(int number) => string.Create(CultureInfo.InvariantCulture, $"person{number}");

    public string Token(string subject, string role) => _issuer.Token(subject).Groups(role).Build();

    public Task ReloadAsync(int number) => _proxy.ReloadAsync(text =>
        System.Text.RegularExpressions.Regex.Replace(text, "server_lifetime = \\d+", string.Create(CultureInfo.InvariantCulture, $"server_lifetime = {3600 + (number % 7)}")));

    /// <summary>The process id of one of the pools' servers.</summary>
    public async Task<int> SomeServerAsync() => await Cluster.QueryAsync<int>(
        "select pid from pg_stat_activity where usename like 'pp_soak%' order by random() limit 1");

    /// <summary>Marks that carry another's claims or signature.</summary>
    public async Task<(long All, long Wrong)> MarksAsync() => (
        await Cluster.QueryAsync<long>("select count(*) from marks", DatabaseName),
        await Cluster.QueryAsync<long>("select count(*) from marks where claimed is distinct from tag or signed is distinct from tag or who <> case substr(tag, length(tag))::int % 2 when 0 then 'soak_even' else 'soak_odd' end", DatabaseName));

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        if (_remover is not null)
        {
            await _remover.DisposeAsync();
        }
        await _issuer.DisposeAsync();
        await Cluster.DisposeAsync();
    }

    private async Task FillAsync()
    {
        string inherit = Cluster.Binaries.Major >= 16 ? " with inherit false, set true" : "";
        await Cluster.ExecuteAsync($"""
            create role {RoleOfEven} nologin;
            create role {RoleOfOdd} nologin;
            create role pp_soak_even login noinherit;
            create role pp_soak_odd login noinherit;
            create role pp_soak_all login noinherit;
            grant {RoleOfEven} to pp_soak_even{inherit};
            grant {RoleOfOdd} to pp_soak_odd{inherit};
            grant {RoleOfEven}, {RoleOfOdd} to pp_soak_all{inherit};
            """);
        await Cluster.ExecuteAsync($"create database {DatabaseName}");
        await Cluster.ExecuteAsync(RepositoryFiles.Read("conf/identity.sql"), DatabaseName);
        const string claimed = "(select nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub')";
        await Cluster.ExecuteAsync($"""
            select poolproxy.add_key('{Key}');
            create table tagged (tag text not null);
            insert into tagged select 'person' || p from generate_series(0, {People - 1}) p, generate_series(1, {SoakScripts.RowsEach});
            create index on tagged (tag);
            create table signed as select * from tagged;
            create index on signed (tag);
            analyze;
            create function claimed() returns text language sql stable as $$ select nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub' $$;
            create table marks (tag text not null, claimed text default claimed(), signed text default poolproxy.subject(), who text default current_user);
            grant select on tagged, signed to {RoleOfEven}, {RoleOfOdd};
            grant insert on marks to {RoleOfEven}, {RoleOfOdd};
            alter table tagged enable row level security;
            alter table signed enable row level security;
            create policy own on tagged using (tag = {claimed});
            create policy own on signed using (tag = (select poolproxy.subject()));
            """, DatabaseName);
    }

    private string Text(ProxyPlace place, SoakOptions options, int serverPort) => $"""
        [proxy]
        listen_addr = "127.0.0.1"
        listen_port = {place.Port}
        unix_socket_dir = ""
        auth_type = "jwt"
        pool_mode = "transaction"
        token_without_tls = "loopback"
        max_client_conn = {options.People + options.Intruders + 200}
        query_wait_notify = 0
        server_login_retry = "100ms"
        server_lifetime = 3600
        server_tls_sslmode = "disable"
        log_connections = false
        log_disconnections = false
        log_pooler_errors = false
        logfile = "{place.File("proxy.log")}"

        [issuers.soak]
        issuer = "{_issuer.Issuer}"
        audience = "{_issuer.Audience}"
        algorithms = ["ES256"]
        allow_http = true
        jwks_url = "{_issuer.JwksAddress}"

        [[rules]]
        issuer = "soak"
        when.groups = "{RoleOfEven}"
        role = "{RoleOfEven}"

        [[rules]]
        issuer = "soak"
        when.groups = "{RoleOfOdd}"
        role = "{RoleOfOdd}"

        [databases.{DatabaseName}]
        host = "127.0.0.1"
        port = {serverPort}
        isolation = "{options.Level}"
        allow_unsafe_login = true
        identity_key = "{Key}"
        pool_size = {options.Servers}
        {(options.Level == "set_role" ? "user = \"pp_soak_all\"" : $"""
            [databases.{DatabaseName}.logins.{RoleOfEven}]
            user = "pp_soak_even"

            [databases.{DatabaseName}.logins.{RoleOfOdd}]
            user = "pp_soak_odd"
            """)}

        """;
}
