using PoolProxy.Sandbox;
using PoolProxy.Sandbox.Certificates;

namespace PoolProxy.Load.Peers;

/// <summary>A build of PoolProxy on one of its engines.</summary>
internal sealed class PoolProxyContender(string name, string program, string version, string engine) : Contender(name, version)
{
    /// <inheritdoc/>
    public override string? WhyNot(Setup setup) => null;

    /// <inheritdoc/>
    public override Launch Configure(Setup setup, World world, Place place)
    {
        File.WriteAllText(place.File("pool.toml"), PoolToml(setup, world, place));
        return new Launch(program, [place.File("pool.toml")], IsUnprivileged: true);
    }

    /// <summary>What <c>poolproxy check</c> has against the configuration; null for nothing.</summary>
    public async Task<string?> CheckAsync(Setup setup, World world, string folder)
    {
        var place = new Place(folder, LoopbackPorts.Take());
        Configure(setup, world, place);
        (int status, string output) = await ChildProcess.RunAsync(program, ["check", place.File("pool.toml")]);
        return status == 0 ? null : output.Split('\n')[0];
    }

    /// <inheritdoc/>
    public override async Task<string?> InspectAsync(Setup setup, World world, Place place)
    {
        // The engine that was asked for may have been replaced by the other one, with a line in the log.
        string used = await AdminConsole.StateAsync(place.Port, setup, world, "io_engine");
        return used == engine ? null : $"SHOW STATE says io_engine {used}";
    }

    private string PoolToml(Setup setup, World world, Place place)
    {
        CertificateFiles? certificate = world.Certificate(setup.Tls);
        string tls = certificate is null ? "" : $"""
            client_tls_sslmode = "require"
            client_tls_cert_file = "{certificate.CertificateFile}"
            client_tls_key_file = "{certificate.KeyFile}"
            client_tls_protocols = "tlsv1.3"
            """;
        return $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {place.Port}
            listen_backlog = 4096
            unix_socket_dir = ""
            auth_type = "{AuthType(setup.Login)}"
            {(setup.Login == LoginMethod.Token ? "token_without_tls = \"loopback\"" : $"admin_users = \"{World.Operator}\"")}
            pool_mode = "transaction"
            max_client_conn = 19500
            default_pool_size = {setup.PoolSize}
            io_engine = "{engine}"
            server_tls_sslmode = "disable"
            log_connections = false
            log_disconnections = false
            log_pooler_errors = false
            log_stats = false
            {tls}
            {setup.ProxyLines}

            [databases.{World.Database}]
            host = "127.0.0.1"
            port = {world.Cluster.Port}
            isolation = "{setup.Isolation}"
            {setup.DatabaseLines}
            {Logins(setup)}

            {(setup.Login == LoginMethod.Token ? Issuers(world) : Users())}

            {setup.Sections}
            """;
    }

    private static string AuthType(LoginMethod login) => login switch
    {
        LoginMethod.Trust => "trust",
        LoginMethod.Scram => "scram-sha-256",
        _ => "jwt",
    };

    private static string Logins(Setup setup) => setup.Isolation switch
    {
        "none" => $"user = \"{World.User}\"",
        "set_role" => "user = \"bench_authenticator\"",
        _ => """

            [databases.bench.logins.bench_reader]
            user = "bench_reader_login"
            """,
    };

    private static string Users() => $"""
        [users.{World.User}]
        password = "{World.Verifier}"

        [users.{World.Operator}]
        password = "{World.Verifier}"
        """;

    private static string Issuers(World world) => $"""
        [issuers.bench]
        issuer = "{world.Issuer.Issuer}"
        audience = "{world.Issuer.Audience}"
        algorithms = ["RS256", "ES256"]
        allow_http = true
        jwks_url = "{world.Issuer.JwksAddress}"

        [[rules]]
        issuer = "bench"
        role = "bench_reader"
        console = "stats"
        """;
}
