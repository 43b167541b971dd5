using PoolProxy.Sandbox.Certificates;

namespace PoolProxy.Load.Peers;

/// <summary>PgCat with one worker, as the others have one thread, its query parser off, and logging errors only.</summary>
internal sealed class PgCatContender(string name, string program, string version) : Contender(name, $"PgCat {version}")
{
    /// <inheritdoc/>
    public override string? WhyNot(Setup setup) => setup.Login == LoginMethod.Scram ? "its clients log in by MD5 or trust only" : base.WhyNot(setup);

    /// <inheritdoc/>
    public override Launch Configure(Setup setup, World world, Place place)
    {
        CertificateFiles? certificate = world.Certificate(setup.Tls);
        string tls = certificate is null ? "" : $"""
            tls_certificate = "{certificate.CertificateFile}"
            tls_private_key = "{certificate.KeyFile}"
            """;
        File.WriteAllText(place.File("pgcat.toml"), $"""
            [general]
            host = "127.0.0.1"
            port = {place.Port}
            admin_username = "{World.Operator}"
            admin_password = "{World.Password}"
            worker_threads = 1
            connect_timeout = 60000
            log_client_connections = false
            log_client_disconnections = false
            {tls}

            [pools.{World.Database}]
            pool_mode = "transaction"
            query_parser_enabled = false
            prepared_statements_cache_size = 500

            [pools.{World.Database}.users.0]
            username = "{World.User}"
            password = "{World.Password}"
            auth_type = "trust"
            pool_size = {setup.PoolSize}

            [pools.{World.Database}.shards.0]
            servers = [["127.0.0.1", {world.Cluster.Port}, "primary"]]
            database = "{World.Database}"

            """);
        return new Launch(program, [place.File("pgcat.toml"), "--log-level", "error"], IsUnprivileged: true);
    }
}
