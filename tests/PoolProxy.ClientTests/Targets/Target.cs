using System.Globalization;
using Npgsql;
using PoolProxy.ClientTests.Running;

namespace PoolProxy.ClientTests.Targets;

/// <summary>Where clients connect, and as whom.</summary>
/// <param name="Host">An address of the server's certificate.</param>
/// <param name="Port">The port.</param>
/// <param name="User">The user.</param>
/// <param name="Password">The password, or the token.</param>
/// <param name="Database">The database.</param>
/// <param name="AuthorityFile">The authority of the server's certificate for verified TLS; null for no TLS.</param>
internal sealed record Target(string Host, int Port, string User, string Password, string Database, string? AuthorityFile)
{
    /// <summary>Tells a script of ours, by variables of our own: drivers would read <c>PG*</c> behind its back.</summary>
    public ForeignProgram Tell(ForeignProgram script) => script
        .With("TARGET_HOST", Host)
        .With("TARGET_PORT", Port.ToString(CultureInfo.InvariantCulture))
        .With("TARGET_USER", User)
        .With("TARGET_PASSWORD", Password)
        .With("TARGET_DATABASE", Database)
        .With("TARGET_CA", AuthorityFile ?? "");

    /// <summary>Tells one of PostgreSQL's own programs, which know no other way to be given a password than <c>PGPASSWORD</c>.</summary>
    public ForeignProgram TellLibpq(ForeignProgram program) => program
        .With("PGHOST", Host)
        .With("PGPORT", Port.ToString(CultureInfo.InvariantCulture))
        .With("PGUSER", User)
        .With("PGPASSWORD", Password)
        .With("PGDATABASE", Database)
        .With("PGSSLMODE", AuthorityFile is null ? "disable" : "verify-full")
        .With("PGSSLROOTCERT", AuthorityFile ?? "")
        .With("PGGSSENCMODE", "disable")
        .With("PGCLIENTENCODING", "UTF8");

    /// <summary>For Npgsql, without pooling unless it is asked for.</summary>
    public NpgsqlConnectionStringBuilder Npgsql(bool pooling = false) => new()
    {
        Host = Host,
        Port = Port,
        Username = User,
        Password = Password,
        Database = Database,
        Pooling = pooling,
        SslMode = AuthorityFile is null ? SslMode.Disable : SslMode.VerifyFull,
        RootCertificate = AuthorityFile,
        Timeout = 30,
        CommandTimeout = 60,
    };
}
