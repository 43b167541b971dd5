using System.Globalization;
using Npgsql;
using PoolProxy.ClientTests.Drivers;
using PoolProxy.ClientTests.Running;
using PoolProxy.ClientTests.Targets;

namespace PoolProxy.ClientTests.Proofs;

/// <summary>A driver that tries to come in and asks who it is.</summary>
/// <param name="Name">As docs/proofs.md has it.</param>
/// <param name="TryAsync">What it was told: <c>in as ROLE</c>, or its own words of the refusal.</param>
/// <param name="WithoutOAuth">What it says where the server asks for OAUTHBEARER and it does not know it; null where it does.</param>
internal sealed record ProofDriver(string Name, Func<ProofTarget, Task<string>> TryAsync, string? WithoutOAuth)
{
    private const string Question = "select 'in as ' || current_user";

    /// <summary>In the order of the table.</summary>
    public static IReadOnlyList<ProofDriver> All { get; } =
    [
        new("psql 15", PsqlAsync, "none of the server's SASL authentication mechanisms are supported"),
        new("libpq 18", LibpqAsync, null),
        new("Npgsql", NpgsqlAsync, "No supported SASL mechanism found"),
        new("pgJDBC", target => ScriptAsync(target, Driver.Pgjdbc with { Arguments = [.. Driver.Pgjdbc.Arguments[..^1], Script("Proof.java")] }), "Invalid or unsupported by client SCRAM mechanisms"),
        new("psycopg", target => ScriptAsync(target, Driver.Psycopg3 with { Arguments = [Script("proof.py")] }), "none of the server's SASL authentication mechanisms are supported"),
        new("node pg", target => ScriptAsync(target, Driver.NodePg with { Arguments = [Script("proof.js")] }), "SASL"),
    ];

    private static async Task<string> PsqlAsync(ProofTarget target)
    {
        ForeignProgram psql = target.Target.TellLibpq(new ForeignProgram(PostgresPrograms.Find("psql"), ["-XAtc", Question], "Debian's postgresql-client"));
        if (target.Certificate is { } certificate)
        {
            psql.With("PGSSLCERT", certificate.CertificateFile).With("PGSSLKEY", certificate.KeyFile);
        }

        return Said(await psql.RunAsync());
    }

    private static async Task<string> LibpqAsync(ProofTarget target)
    {
        Libpq libpq = await Libpq.FindAsync();
        Target where = target.Target;
        string connection = string.Create(CultureInfo.InvariantCulture,
            $"host={where.Host} port={where.Port} user={where.User} dbname={where.Database} sslmode=verify-full sslrootcert={where.AuthorityFile}");
        connection += target.IsOAuth ? $" require_auth=oauth oauth_client_id=tests oauth_issuer={target.Issuer}" : where.Password.Length > 0 ? $" password='{where.Password.Replace("'", "\\'", StringComparison.Ordinal)}'" : "";
        connection += target.Certificate is { } certificate ? $" sslcert={certificate.CertificateFile} sslkey={certificate.KeyFile}" : "";
        (string? value, string error) = await Task.Run(() => libpq.Ask(connection, (_, _) => where.Password, Question));
        return value ?? error;
    }

    private static async Task<string> NpgsqlAsync(ProofTarget target)
    {
        NpgsqlConnectionStringBuilder settings = target.Target.Npgsql();
        settings.SslCertificate = target.Certificate?.CertificateFile;
        settings.SslKey = target.Certificate?.KeyFile;
        try
        {
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(Question, connection);
            return (string)(await command.ExecuteScalarAsync())!;
        }
        catch (Exception refusal) when (refusal is NpgsqlException or NotSupportedException)
        {
            return refusal.Message;
        }
    }

    private static async Task<string> ScriptAsync(ProofTarget target, Driver driver)
    {
        ForeignProgram script = target.Target.Tell(new ForeignProgram(driver.Program, driver.Arguments, driver.Needs)).With("PYTHONDONTWRITEBYTECODE", "1");
        if (target.Certificate is { } certificate)
        {
            script.With("TARGET_CERT", certificate.CertificateFile).With("TARGET_KEY", certificate.KeyFile).With("TARGET_DER_KEY", target.DerKeyFile!);
        }

        if (driver.Program == "node")
        {
            script.With("NODE_PATH", await NodePackages.FolderAsync());
        }

        return Said(await script.RunAsync());
    }

    private static string Said(ProgramRun run) => run.Status == 0 ? run.Output.Trim() : run.Errors.Trim();

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Scripts", name);
}
