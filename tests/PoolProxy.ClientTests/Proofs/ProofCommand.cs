namespace PoolProxy.ClientTests.Proofs;

/// <summary>What a reader would type to try a cell of docs/proofs.md.</summary>
internal static class ProofCommand
{
    private const string Where = "TARGET_HOST=proxy TARGET_PORT=6432 TARGET_USER=reader TARGET_CA=ca.crt";

    /// <summary>The command of a driver with a proof.</summary>
    public static string Of(string driver, Proof proof)
    {
        string certificate = proof.HasCertificate ? " sslcert=reader.crt sslkey=reader.key" : "";
        string conninfo = $"host=proxy port=6432 dbname={proof.Database} user=reader sslmode=verify-full sslrootcert=ca.crt{certificate}";
        string pem = proof.HasCertificate ? " TARGET_CERT=reader.crt TARGET_KEY=reader.key" : "";
        string der = proof.HasCertificate ? " TARGET_CERT=reader.crt TARGET_DER_KEY=reader.pk8" : "";
        string target = $"{Where} TARGET_DATABASE={proof.Database} TARGET_PASSWORD=\"{proof.Secret}\"";
        return driver switch
        {
            "psql 15" => $"{(proof.Secret.Length > 0 ? $"PGPASSWORD=\"{proof.Secret}\" " : "")}psql \"{conninfo}\" -XAtc \"select 'in as ' || current_user\"",
            "libpq 18" when proof == Proof.OAuth =>
                $"PQsetAuthDataHook(gives $TOKEN); PQconnectdb(\"{conninfo} require_auth=oauth oauth_client_id=… oauth_issuer=$ISSUER\")",
            "libpq 18" => $"PQconnectdb(\"{conninfo}{(proof.Secret.Length > 0 ? $" password={proof.Secret}" : "")}\")",
            "Npgsql" =>
                $"new NpgsqlConnection(\"Host=proxy;Port=6432;Database={proof.Database};Username=reader;SSL Mode=VerifyFull;Root Certificate=ca.crt"
                + $"{(proof.HasCertificate ? ";SSL Certificate=reader.crt;SSL Key=reader.key" : "")}{(proof.Secret.Length > 0 ? $";Password={proof.Secret}" : "")}\")",
            "pgJDBC" => $"{target}{der} java -cp postgresql.jar Proof.java",
            "psycopg" => $"{target}{pem} python3 proof.py",
            "node pg" => $"{target}{pem} node proof.js",
            _ => throw new ArgumentException($"no command for {driver}", nameof(driver)),
        };
    }
}
