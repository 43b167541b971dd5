using PoolProxy.Sandbox.Certificates;

namespace PoolProxy.Load.Peers;

/// <summary>Odyssey with one worker, as the others have one thread, and without logs.</summary>
internal sealed class OdysseyContender(string name, string program, string version) : Contender(name, $"Odyssey {version}")
{
    /// <inheritdoc/>
    public override Launch Configure(Setup setup, World world, Place place)
    {
        CertificateFiles? certificate = world.Certificate(setup.Tls);
        string tls = certificate is null ? "tls \"disable\"" : $"""
            tls "require"
                tls_cert_file "{certificate.CertificateFile}"
                tls_key_file "{certificate.KeyFile}"
            """;
        string authentication = setup.Login == LoginMethod.Scram
            ? $"""
                authentication "scram-sha-256"
                    password "{World.Password}"
                """
            : "authentication \"none\"";
        File.WriteAllText(place.File("odyssey.conf"), $$"""
            daemonize no
            log_to_stdout no
            log_syslog no
            log_debug no
            log_config no
            log_session no
            log_query no
            log_stats no
            workers 1
            resolvers 1
            nodelay yes
            locks_dir "{{place.Folder}}"
            unix_socket_dir "{{place.Folder}}"
            unix_socket_mode "0600"
            client_max 19500

            listen {
                host "127.0.0.1"
                port {{place.Port}}
                backlog 4096
                {{tls}}
            }

            storage "server" {
                type "remote"
                host "127.0.0.1"
                port {{world.Cluster.Port}}
                tls "disable"
            }

            database "{{World.Database}}" {
                user "{{World.User}}" {
                    {{authentication}}
                    storage "server"
                    storage_db "{{World.Database}}"
                    storage_user "{{World.User}}"
                    pool "transaction"
                    pool_size {{setup.PoolSize}}
                    pool_timeout 0
                    pool_discard no
                    pool_reserve_prepared_statement yes
                    client_fwd_error yes
                }
            }

            """);
        return new Launch(program, [place.File("odyssey.conf")], IsUnprivileged: true);
    }
}
