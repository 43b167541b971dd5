using PoolProxy.Sandbox.Certificates;

namespace PoolProxy.Load.Peers;

/// <summary>PgBouncer, with all logging off and every other setting that matters at its default or better.</summary>
internal sealed class PgBouncerContender(string name, string program, Version version) : Contender(name, $"PgBouncer {version}")
{
    private static readonly Version FirstWithPreparedStatements = new(1, 21);

    /// <summary>Whether named prepared statements work in transaction pooling.</summary>
    public bool KnowsPreparedStatements => version >= FirstWithPreparedStatements;

    /// <inheritdoc/>
    public override Launch Configure(Setup setup, World world, Place place)
    {
        CertificateFiles? certificate = world.Certificate(setup.Tls);
        // The default CA file of a TLS listener is the system's: 15 KB of names in every handshake.
        string tls = certificate is null ? "client_tls_sslmode = disable" : $"""
            client_tls_sslmode = require
            client_tls_cert_file = {certificate.CertificateFile}
            client_tls_key_file = {certificate.KeyFile}
            client_tls_ca_file = {world.Certificates.AuthorityFile}
            client_tls_protocols = tlsv1.3
            """;
        File.WriteAllText(place.File("userlist.txt"), $"""
            "{World.User}" "{World.Verifier}"
            "{World.Operator}" "{World.Verifier}"

            """);
        File.WriteAllText(place.File("pgbouncer.ini"), $"""
            [databases]
            {World.Database} = host=127.0.0.1 port={world.Cluster.Port} dbname={World.Database} user={World.User} pool_size={setup.PoolSize}

            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {place.Port}
            unix_socket_dir =
            auth_type = {(setup.Login == LoginMethod.Scram ? "scram-sha-256" : "trust")}
            auth_file = {place.File("userlist.txt")}
            admin_users = {World.Operator}
            pool_mode = transaction
            max_client_conn = 19500
            default_pool_size = {setup.PoolSize}
            listen_backlog = 4096
            {(KnowsPreparedStatements ? "max_prepared_statements = 200" : "")}
            {tls}
            server_tls_sslmode = disable
            log_connections = 0
            log_disconnections = 0
            log_pooler_errors = 0
            log_stats = 0
            {setup.PgBouncerLines}

            """);
        return new Launch(program, [place.File("pgbouncer.ini")], IsUnprivileged: true);
    }
}
