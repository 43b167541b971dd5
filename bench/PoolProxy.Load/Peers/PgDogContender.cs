using PoolProxy.Sandbox.Certificates;

namespace PoolProxy.Load.Peers;

/// <summary>PgDog on one thread, as the others are, with its query parser off.</summary>
internal sealed class PgDogContender(string name, string program, string version) : Contender(name, $"PgDog {version}")
{
    /// <inheritdoc/>
    public override Launch Configure(Setup setup, World world, Place place)
    {
        CertificateFiles? certificate = world.Certificate(setup.Tls);
        string tls = certificate is null ? "" : $"""
            tls_certificate = "{certificate.CertificateFile}"
            tls_private_key = "{certificate.KeyFile}"
            """;
        File.WriteAllText(place.File("pgdog.toml"), $"""
            [general]
            host = "127.0.0.1"
            port = {place.Port}
            workers = 0
            default_pool_size = {setup.PoolSize}
            pooler_mode = "transaction"
            auth_type = "{(setup.Login == LoginMethod.Scram ? "scram" : "trust")}"
            query_parser = "off"
            checkout_timeout = 60000
            tls_verify = "none"
            {tls}

            [[databases]]
            name = "{World.Database}"
            host = "127.0.0.1"
            port = {world.Cluster.Port}

            """);
        File.WriteAllText(place.File("users.toml"), $"""
            [[users]]
            name = "{World.User}"
            database = "{World.Database}"
            password = "{World.Password}"

            """);
        return new Launch(program, ["--config", place.File("pgdog.toml"), "--users", place.File("users.toml")], IsUnprivileged: true);
    }
}
