using PoolProxy.Sandbox.Certificates;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Sandbox.Postgres;

namespace PoolProxy.Sandbox.Demo;

/// <summary>Writes the demo's pool.toml.</summary>
internal static class DemoConfiguration
{
    /// <summary>The file's text. One server connection serves everybody, so that sharing is not left to chance.</summary>
    public static string Text(PostgresCluster cluster, TestIssuer issuer, SandboxCertificates certificates, DemoScene scene, DemoOptions options, string login) => $$"""
        [proxy]
        listen_addr = "127.0.0.1"
        listen_port = {{scene.Port}}
        unix_socket_dir = ""
        auth_type = "jwt"
        pool_mode = "transaction"
        client_tls_sslmode = "require"
        client_tls_cert_file = "{{certificates.ServerEc.CertificateFile}}"
        client_tls_key_file = "{{certificates.ServerEc.KeyFile}}"

        [issuers.demo]
        issuer = "{{issuer.Issuer}}"
        audience = "{{issuer.Audience}}"
        algorithms = ["RS256"]
        ca_file = "{{certificates.AuthorityFile}}"
        expose_claims = [{{(options.SubjectExposed ? "\"sub\", " : "")}}"email", "groups"]

        [[rules]]
        issuer = "demo"
        when.groups = "dba"
        role = "app_read"
        console = "admin"

        [[rules]]
        issuer = "demo"
        {{(options.StrangerAdmitted ? "# everybody" : "when.groups = \"analysts\"")}}
        role = "app_read"

        [audit]
        file = "{{(options.AuditEnabled ? scene.AuditFile : "off")}}"

        [databases.{{scene.Database}}]
        host = "127.0.0.1"
        port = {{cluster.Port}}
        dbname = "{{scene.Database}}"
        isolation = "partitioned"
        server_tls_sslmode = "verify-full"
        server_tls_ca_file = "{{certificates.AuthorityFile}}"
        server_tls_cert_file = "{{certificates.Client(login).CertificateFile}}"
        server_tls_key_file = "{{certificates.Client(login).KeyFile}}"

        [databases.{{scene.Database}}.logins.app_read]
        user = "{{login}}"
        pool_size = 1

        """;
}
