using PoolProxy.Sandbox.Issuers;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Proxy;

namespace PoolProxy.IntegrationTests.Isolation;

/// <summary>
/// A real PostgreSQL with two roles (readers and writers), a login for each and a login of both, a table whose rows belong to people, and the
/// real proxy in front. Its people are subjects of tokens: alice and bob are readers, whoever else a test names is what the test says.
/// </summary>
internal sealed class Installation : IAsyncDisposable
{
    private static readonly Lazy<Task<TestIssuer>> SharedIssuer = new(() => TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256" }));

    private readonly bool _ownsDatabase;

    private Installation(TestDatabase database, bool ownsDatabase, TestIssuer issuer, ProxyUnderTest proxy)
    {
        Database = database;
        _ownsDatabase = ownsDatabase;
        Issuer = issuer;
        Proxy = proxy;
    }

    public TestDatabase Database { get; }

    public TestIssuer Issuer { get; }

    public ProxyUnderTest Proxy { get; }

    /// <summary>The role of alice and bob.</summary>
    public string Readers => Database.Role("readers");

    /// <summary>The role of those in the group <c>writers</c>.</summary>
    public string Writers => Database.Role("writers");

    /// <summary>The login of the readers; under <c>set_role</c> the login of all.</summary>
    public string Login { get; private init; } = "";

    /// <summary>The audit trail as it is now.</summary>
    public string[] AuditLines => File.Exists(Proxy.Place.File("audit.log")) ? [.. File.ReadAllLines(Proxy.Place.File("audit.log")).Where(line => !line.Contains("\"event\":\"chain\"", StringComparison.Ordinal))] : [];

    /// <summary>The proxy's log as it is now.</summary>
    public string Log => File.Exists(Proxy.Place.File("proxy.log")) ? File.ReadAllText(Proxy.Place.File("proxy.log")) : "";

    /// <summary>Builds all of it.</summary>
    public static async Task<Installation> StartAsync(int major, InstallationOptions? options = null)
    {
        options ??= new InstallationOptions();
        TestIssuer issuer = options.Issuer ?? await SharedIssuer.Value;
        TestDatabase database = options.Database ?? await TestDatabase.CreateAsync(PostgresWish.Exactly(major));
        try
        {
            await FillAsync(database);
            ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => Text(place, database, issuer, options));
            return new Installation(database, options.Database is null, issuer, proxy) { Login = database.Role(options.Level == "set_role" ? "pp_all" : "pp_readers") };
        }
        catch when (options.Database is null)
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>A token of a reader.</summary>
    public TokenBuilder Reader(string subject) => Issuer.Token(subject).Groups("readers");

    /// <summary>A token of a writer.</summary>
    public TokenBuilder Writer(string subject) => Issuer.Token(subject).Groups("writers");

    /// <summary>Logs in by token.</summary>
    public Task<RawClient> LoginAsync(string subject, TokenBuilder token, params IEnumerable<(string Name, string Value)> parameters) =>
        Proxy.LoginAsync(subject, Database.Name, token.Build(), parameters);

    /// <summary>Logs in as a reader.</summary>
    public Task<RawClient> LoginAsync(string subject) => LoginAsync(subject, Reader(subject));

    /// <summary>Enters the console as an administrator.</summary>
    public Task<RawClient> ConsoleAsync() => Proxy.LoginAsync("admin", "poolproxy", Issuer.Token("admin").Groups("admins").Build());

    /// <summary>Tries to log in; the result holds a refusal.</summary>
    public async Task<RawLogin> TryLoginAsync(string subject, TokenBuilder token, params IEnumerable<(string Name, string Value)> parameters)
    {
        await using RawClient client = await Proxy.ConnectAsync();
        return await client.TryLoginAsync(subject, Database.Name, token.Build(), parameters);
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        if (_ownsDatabase)
        {
            await Database.DisposeAsync();
        }
    }

    private static async Task FillAsync(TestDatabase database)
    {
        string inherit = database.Cluster.Binaries.Major >= 16 ? " with inherit false, set true" : "";
        string readers = database.Role("readers"), writers = database.Role("writers"), both = $"{readers}, {writers}";
        await database.ExecuteAsync($"""
            create role {readers} nologin;
            create role {writers} nologin;
            create role {database.Role("pp_readers")} login noinherit;
            create role {database.Role("pp_writers")} login noinherit;
            create role {database.Role("pp_all")} login noinherit;
            grant {readers} to {database.Role("pp_readers")}{inherit};
            grant {writers} to {database.Role("pp_writers")}{inherit};
            grant {both} to {database.Role("pp_all")}{inherit};
            create table notes (id int generated always as identity, owner text not null, body text not null);
            insert into notes (owner, body) values ('alice', 'of alice'), ('bob', 'of bob');
            create sequence tickets;
            grant usage on sequence tickets to {both};
            grant select on notes to {both};
            grant insert on notes to {writers};
            alter table notes enable row level security;
            create policy own on notes to {both}
                using (owner = (select nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub'));
            """);
    }

    private static string Text(ProxyPlace place, TestDatabase database, TestIssuer issuer, InstallationOptions options)
    {
        string logins = options.Level == "set_role"
            ? $"""
                user = "{database.Role("pp_all")}"
                pool_size = {options.PoolSize}
                """
            : $"""
                [databases.{database.Name}.logins.{database.Role("readers")}]
                user = "{database.Role("pp_readers")}"
                pool_size = {options.PoolSize}
                {options.LoginLines}

                [databases.{database.Name}.logins.{database.Role("writers")}]
                user = "{database.Role("pp_writers")}"
                pool_size = {options.PoolSize}
                """;
        string tls = options.Certificate is { } certificate
            ? $"""
                client_tls_sslmode = "allow"
                client_tls_cert_file = "{certificate.CertificateFile}"
                client_tls_key_file = "{certificate.KeyFile}"
                """
            : "";
        string hba = "";
        if (options.Hba is { } lines)
        {
            File.WriteAllText(place.File("hba.conf"), lines);
            hba = "auth_hba_file = \"hba.conf\"";
        }

        return $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {place.Port}
            unix_socket_dir = ""
            auth_type = "{options.AuthType}"
            {hba}
            pool_mode = "transaction"
            token_without_tls = "{options.TokenWithoutTls}"
            logfile = "{place.File("proxy.log")}"
            {tls}
            {options.Proxy}

            [audit]
            file = "{place.File("audit.log")}"
            {options.AuditLines}

            [limits]
            {options.LimitLines}

            [issuers.corp]
            issuer = "{issuer.Issuer}"
            audience = "{issuer.Audience}"
            algorithms = ["{issuer.Key.Algorithm}"]
            allow_http = true
            {options.KeysLine ?? $"jwks_url = \"{issuer.JwksAddress}\""}
            {options.IssuerLines}

            {options.Rules(database)}

            [[rules]]
            issuer = "corp"
            when.groups = "writers"
            role = "{database.Role("writers")}"

            [[rules]]
            issuer = "corp"
            when.groups = "readers"
            role = "{database.Role("readers")}"
            {options.ReaderLines}

            [[rules]]
            issuer = "corp"
            when.groups = "watchers"
            console = "stats"

            [[rules]]
            issuer = "corp"
            when.groups = "admins"
            console = "admin"

            [databases.{database.Name}]
            host = "127.0.0.1"
            port = {options.ServerPort ?? database.Cluster.Port}
            isolation = "{options.Level}"
            {options.DatabaseLines}
            {logins}

            {options.Sections}
            {options.MoreSections?.Invoke(database)}

            """;
    }
}
